"""Random edits of a signature, in place: what people do between two versions of a model, and worse."""

import copy
from collections.abc import Callable
from random import Random

from tests.mlflow.oracle.signatures import (
    DEFAULTS,
    NAMES,
    SCALARS,
    Draft,
    Item,
    any_dtype,
    column,
    member,
    param,
    schema,
    tensor,
    type_of,
)

# --- edits of inputs -------------------------------------------------------------------------------------------


def columns_of(signature: Draft) -> list[Item]:
    return signature["inputs"] or []


def named(signature: Draft) -> bool:
    return any("name" in item for item in columns_of(signature))


def is_tensor(item: Item) -> bool:
    return item["type"] == "tensor"


def rename(signature: Draft, random: Random) -> None:
    if named(signature):
        taken = {item["name"] for item in columns_of(signature)}
        random.choice(columns_of(signature))["name"] = random.choice([n for n in NAMES if n not in taken])


def retype(signature: Draft, random: Random) -> None:
    if items := columns_of(signature):
        place = random.choice(items)
        if is_tensor(place):
            return redtype(signature, random)
        replace_type(place, {"type": random.choice(SCALARS)} if random.random() < 0.7 else type_of(random, 0))
    return None


def replace_type(item: Item, kind: Item) -> None:
    """Puts another type into an item and keeps its name and whether it is required."""
    kept = {key: item[key] for key in ("name", "required") if key in item}
    item.clear()
    item.update({**kind, **kept})


def flip_required(signature: Draft, random: Random) -> None:
    items = [item for item in columns_of(signature) if not is_tensor(item)]
    if items and named(signature):
        place = random.choice(items)
        place["required"] = not place.get("required", place["type"] in SCALARS)


def add_input(signature: Draft, random: Random) -> None:
    items = columns_of(signature)
    if items and is_tensor(items[0]):
        if named(signature):
            items.append(tensor(random, unused(signature, random)))
    elif items:
        new = column(random, unused(signature, random) if named(signature) else None)
        items.insert(random.randint(0, len(items)), new if named(signature) else {**new, "required": True})


def unused(signature: Draft, random: Random) -> str:
    return random.choice([name for name in NAMES if name not in {item.get("name") for item in columns_of(signature)}])


def remove_input(signature: Draft, random: Random) -> None:
    if len(columns_of(signature)) > 1:
        columns_of(signature).remove(random.choice(columns_of(signature)))


def reorder(signature: Draft, random: Random) -> None:
    random.shuffle(columns_of(signature))


def repeat_name(signature: Draft, random: Random) -> None:
    """Two inputs of one name, alike or not."""
    items = columns_of(signature)
    if named(signature) and random.random() < 0.4:
        twin = copy.deepcopy(random.choice(items))
        items.append(twin)
        if not is_tensor(twin):
            twin["required"] = random.random() < 0.5
            if random.random() < 0.4:
                replace_type(twin, type_of(random, 0))


def unname(signature: Draft, random: Random) -> None:
    items = columns_of(signature)
    if items and not (is_tensor(items[0]) and len(items) > 1) and random.random() < 0.6:
        for item in items:
            item.pop("name", None)
            if not is_tensor(item):
                item["required"] = True


def give_names(signature: Draft, random: Random) -> None:
    if columns_of(signature) and not named(signature):
        for item, name in zip(columns_of(signature), random.sample(NAMES, len(columns_of(signature))), strict=True):
            item["name"] = name


def redtype(signature: Draft, random: Random) -> None:
    for item in columns_of(signature):
        if is_tensor(item):
            item["tensor-spec"]["dtype"] = any_dtype(random)
            return


def reshape(signature: Draft, random: Random) -> None:
    """A dimension freed, fixed or changed; seldom another rank."""
    tensors = [item for item in columns_of(signature) if is_tensor(item)]
    if tensors:
        shape = random.choice(tensors)["tensor-spec"]["shape"]
        if random.random() < 0.15:
            shape.append(random.choice((-1, 1, 2)))
        else:
            shape[random.randrange(len(shape))] = random.choice((-1, -1, 1, 2, 3))


def open_tensor(signature: Draft, random: Random) -> None:
    """A tensor that takes any array."""
    tensors = [item for item in columns_of(signature) if is_tensor(item)]
    if tensors:
        random.choice(tensors)["tensor-spec"] = {"dtype": "object", "shape": [-1]}


def empty_name(signature: Draft, random: Random) -> None:
    """An input whose name is empty, which MLflow loads."""
    if named(signature) and random.random() < 0.3:
        random.choice(columns_of(signature))["name"] = ""


def nested_edit(signature: Draft, random: Random) -> None:
    """Something inside a nested type: another type, a property more or less, or one that is no longer required."""
    nests = [item for item in columns_of(signature) if item["type"] in ("array", "map", "object")]
    if not nests:
        if columns_of(signature) and not is_tensor(columns_of(signature)[0]) and random.random() < 0.3:
            wrap(random.choice(columns_of(signature)), random)
        return
    place = random.choice(nests)
    while random.random() < 0.6 and (inner := [item for item in inside(place) if item["type"] in NESTED]):
        place = random.choice(inner)
    if place["type"] == "object" and random.random() < 0.7:
        edit_properties(place["properties"], random)
    elif random.random() < 0.75:
        replace_type(random.choice(inside(place)), type_of(random, 1))
    else:
        wrap(place, random)


NESTED = ("array", "map", "object")


def inside(item: Item) -> list[Item]:
    """The types right inside a nested one."""
    if item["type"] == "object":
        return list(item["properties"].values())
    return [item["items" if item["type"] == "array" else "values"]]


def edit_properties(members: dict[str, Item], random: Random) -> None:
    name = random.choice(list(members))
    free = random.choice([other for other in NAMES if other not in members])
    match random.choice(("add", "remove", "flip", "rename", "retype")):
        case "add":
            members[free] = member(random, 1)
        case "remove" if len(members) > 1:
            del members[name]
        case "flip":
            members[name]["required"] = not members[name].get("required", True)
        case "rename":
            members[free] = members.pop(name)
        case _:
            replace_type(members[name], type_of(random, 2))


def wrap(item: Item, random: Random) -> None:
    """A type becomes an array, a map or any of itself, an object a map, an array a vector."""
    inner = {key: kept for key, kept in item.items() if key not in ("name", "required")}
    choices: list[Item] = [{"type": "array", "items": inner}, {"type": "map", "values": inner}, {"type": "any"}]
    if item["type"] == "object":
        choices += [{"type": "map", "values": plain(one)} for one in inside(item)[:1]] * 3
    if item["type"] == "map":
        choices.append({"type": "object", "properties": {"one key": {**plain(inside(item)[0]), "required": True}}})
    if item["type"] == "array" and "name" in item:
        choices += [{"type": "sparkml_vector"}] * 2
    replace_type(item, random.choice(choices))


def plain(item: Item) -> Item:
    return {key: kept for key, kept in item.items() if key != "required"}


def change_kind(signature: Draft, random: Random) -> None:
    """Columns become one array of as many columns, an array becomes columns."""
    items = columns_of(signature)
    if items and not is_tensor(items[0]):
        width = len(items) + (0 if random.random() < 0.8 else 1)
        scalars = {"double": "float64", "long": "int64", "float": "float32", "integer": "int32", "boolean": "bool"}
        dtype = scalars.get(str(items[0]["type"]), "object") if random.random() < 0.7 else any_dtype(random)
        shape = [-1, width] if width > 1 or random.random() < 0.5 else [-1]
        signature["inputs"] = [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}]
        if random.random() < 0.15:
            signature["inputs"][0]["name"] = random.choice(NAMES)
    elif items:
        spec: dict[str, list[int]] = items[0]["tensor-spec"]
        kinds = {"float64": "double", "int64": "long", "float32": "float", "int32": "integer", "bool": "boolean"}
        kind = kinds.get(str(spec["dtype"]), "string") if random.random() < 0.7 else random.choice(SCALARS)
        width = max(1, spec["shape"][1]) if len(spec["shape"]) == 2 else len(items)
        signature["inputs"] = [{"type": kind, "required": True} for _ in range(width)]
        if random.random() < 0.3:
            give_names(signature, random)


def drop_inputs(signature: Draft, random: Random) -> None:
    if random.random() < 0.05 and (signature["outputs"] or signature["params"]):
        signature["inputs"] = None


def new_inputs(signature: Draft, random: Random) -> None:
    if random.random() < 0.3:
        signature["inputs"] = schema(random)


# --- edits of params and outputs -------------------------------------------------------------------------------


def add_param(signature: Draft, random: Random) -> None:
    have = signature["params"] or []
    signature["params"] = [
        *have,
        param(random, random.choice([n for n in NAMES if n not in {p["name"] for p in have}])),
    ]


def remove_param(signature: Draft, random: Random) -> None:
    if signature["params"]:
        signature["params"].remove(random.choice(signature["params"]))
        signature["params"] = signature["params"] or None


def edit_param(signature: Draft, random: Random) -> None:
    """Another type or default under the same name."""
    if not signature["params"]:
        return add_param(signature, random)
    place = random.choice(signature["params"])
    new = param(random, str(place["name"]))
    if place["type"] in DEFAULTS and random.random() < 0.4:
        kept = random.choice(DEFAULTS[str(place["type"])])
        new = {**place, "default": [kept] if place["shape"] else kept}
    place.clear()
    place.update(new)
    return None


def edit_outputs(signature: Draft, random: Random) -> None:
    signature["outputs"] = schema(random) if random.random() < 0.8 else None


Edit = Callable[[Draft, Random], None]
EDITS: list[Edit] = [
    *[retype] * 5,
    *[nested_edit] * 6,
    *[rename, flip_required, add_input, remove_input] * 3,
    *[reorder, redtype, edit_param] * 2,
    *[reshape] * 4,
    *[
        open_tensor,
        empty_name,
        repeat_name,
        unname,
        give_names,
        change_kind,
        drop_inputs,
        new_inputs,
        add_param,
        remove_param,
        edit_outputs,
    ],
]
