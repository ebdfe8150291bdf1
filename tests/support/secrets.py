"""Made-up secrets, paths and people, and texts that only look like them.

Bodies of tokens are made when the tests run, so that no scanner of secrets takes this file for a leak.
"""

import random
import string

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
MIXED = string.ascii_letters + DIGITS


def body(seed: str, length: int, letters: str = MIXED) -> str:
    """Letters of a token, the same for a seed on every run; one of them is a digit, one a letter."""
    chosen = random.Random(seed)
    made = [chosen.choice(letters) for _ in range(length)]
    made[1] = chosen.choice([letter for letter in letters if letter.isdigit()] or letters)
    made[2] = chosen.choice([letter for letter in letters if letter.isalpha()] or letters)
    return "".join(made)


def hexadecimal(seed: str, length: int) -> str:
    """Digits of a hexadecimal token."""
    return body(seed, length, "0123456789abcdef")


def uuid(seed: str) -> str:
    """A token in the form of a UUID."""
    return "-".join(hexadecimal(f"{seed}{size}", size) for size in (8, 4, 4, 4, 12))


B, H, U = body, hexadecimal, uuid

CASES: dict[str, tuple[tuple[str, ...], str]] = {
    # name of a pattern: texts that hold one (the secret ends the text, but for brackets), and a near miss
    "private-key": (
        (
            f"-----BEGIN RSA PRIVATE KEY-----\n{B('pem', 60)}\n{B('pem2', 60)}\n-----END RSA PRIVATE KEY-----",
            f"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{B('putty', 48)}\n",
        ),
        "-----BEGIN PUBLIC KEY-----",
    ),
    "age-secret-key": ((f"AGE-SECRET-KEY-1{B('age', 58, UPPER + DIGITS)}",), "AGE-SECRET-KEY-1"),
    "jwt": ((f"eyJ{B('jw', 20)}.eyJ{B('jx', 30)}.{B('jy', 40)}",), "eyJhbGciOiJIUzI1NiJ9"),
    "encoded-json": ((f"eyJ{B('enc', 120)}==", f"eyJhcGlf{B('nep', 60)}=="), "eyJhIjoxfQ=="),
    "basic-auth": ((f"use Basic {B('basic', 24)}==",), "basic authentication"),
    "authorization-header": ((f"Authorization: Token {B('authz', 20)}",), "authorization: required"),
    "bearer-token": ((f"Bearer {B('bearer', 40)}",), "bearer of bad news"),
    "curl-auth-user": (
        (f"curl -u alice:{B('curl', 10)} https://example.org/x",),
        "curl -u alice https://example.org/x",
    ),
    "password-flag": (
        (
            f"sshpass -p {B('sshp', 8)} ssh host",
            f"docker login -u bob -p {B('dock', 9)} registry.example.org",
            f"mysql -uroot -p{B('mysql', 9)} db",
            f"openssl rsa -passin pass:{B('ossl', 10)} -in k.pem",
        ),
        "mkdir -p folder",
    ),
    "url-password": (
        (f"postgresql://bob:{B('pgurl', 12)}@db.example.org/x", f"redis://:{B('redis', 12)}@cache:6379/0"),
        "postgresql://bob@db/x",
    ),
    "url-user": ((f"https://{B('urluser', 20)}@git.example.org/r.git",), "https://git.example.org/@scope/r"),
    "url-query-secret": (
        (
            f"https://h.example.org/x?a=1&X-Amz-Signature={H('amz', 64)}",
            f"https://b.s3.amazonaws.com/x?Expires=1&Signature={B('s3v2', 27)}%3D&x=1",
            f"https://storage.googleapis.com/b/x?X-Goog-Signature={H('goog', 80)}",
            f"https://d.cloudfront.net/x?Expires=1&Signature={B('cf', 60)}__&Key-Pair-Id=K{B('kp', 13)}",
            f"https://maps.example.org/api?key={B('mapkey', 32)}",
        ),
        "https://example.org/x?page=2&sort=key&lang=en",
    ),
    "connection-string": (
        (
            f"Server=db;User Id=sa;Password={B('ado', 12)};",
            f"Driver={{ODBC}};Server=db;Uid=sa;Pwd={B('odbc', 12)};",
            f"jdbc:oracle:thin:scott/{B('ora', 9)}@//host:1521/x",
            f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={B('acck', 86)}==",
            f"Endpoint=sb://x.example.net/;SharedAccessKey={B('sak', 43)}=",
        ),
        "Server=db;Integrated Security=true;",
    ),
    "shared-access-signature": ((f"sig={B('sas', 40)}%3D",), "sig=short"),
    "netrc-password": ((f"machine api.example.org login bob password {B('netrc', 9)}",), "login and password reset"),
    "pgpass-password": ((f"db.example.org:5432:mydb:bob:{B('pgpass', 9)}",), "db.example.org:5432"),
    "cookie": (
        (f"Cookie: sid={B('cookie', 24)}; theme=dark", f"JSESSIONID={B('jsess', 24, UPPER + DIGITS)}"),
        "Cookie: yes",
    ),
    "password-hash": (
        (f"$2b$12${B('bcrypt', 53)}", f"$argon2id$v=19$m=65536,t=3,p=4${B('argon', 22)}${B('argon2', 43)}"),
        "costs $1 or $2",
    ),
    "kaggle-key": (
        (f'{{"username":"bob","key":"{H("kaggle", 32)}"}}', f"KGAT_{H('kgat', 32)}"),
        '{"username":"n/a","key":"value"}',
    ),
    "webhook-url": (
        (
            f"https://hooks.slack.com/services/T0{B('w1', 8, UPPER)}/B0{B('w2', 8, UPPER)}/{B('w3', 24)}",
            f"https://discord.com/api/webhooks/123456789012345678/{B('dw', 68)}",
        ),
        "https://hooks.slack.com/",
    ),
    "aws-access-token": (
        (f"AKIA{B('aws', 16, UPPER + '234567')}", f"ASIA{B('asia', 16, UPPER + '234567')}"),
        "AKIA and others",
    ),
    "aws-amazon-bedrock-api-key": ((f"ABSK{B('bedrock', 128)}",), "ABSKY"),
    "gcp-api-key": ((f"AIza{B('gcp', 35)}",), "AIzawa"),
    "gcp-oauth": ((f"ya29.{B('ya', 60)}", f"GOCSPX-{B('goc', 28)}", f"1//0{B('refresh', 60)}"), "ya29.short"),
    "azure-ad-client-secret": ((f"{B('az', 3)}8Q~{B('azure', 34)}",), "Q~ is a mark"),
    "alibaba-access-key-id": ((f"LTAI{B('ali', 20)}",), "LTAI"),
    "tencent-secret-id": ((f"AKID{B('tc', 32)}",), "AKID"),
    "yandex-api-key": ((f"AQVN{B('ydx', 36)}",), "AQVN"),
    "yandex-access-token": ((f"y0_{B('ydo', 55)}",), "y0_hat"),
    "digitalocean-token": ((f"dop_v1_{H('do', 64)}",), "dop_v1_model"),
    "heroku-api-key": ((f"HRKU-{U('heroku')}",), "HRKU-app"),
    "cloudflare-origin-ca-key": ((f"v1.0-{H('cf1', 24)}-{H('cf2', 146)}",), "v1.0-rc1"),
    "cloudflare-api-token": ((f"cfut_{B('cfut', 40)}",), "cfk_x"),
    "flyio-access-token": ((f"fo1_{B('fly', 43)}",), "fo1_x"),
    "scalingo-api-token": ((f"tk-us-{B('scal', 48)}",), "tk-us-east"),
    "netlify-access-token": ((f"nfp_{B('nfp', 36)}",), "nfp_x"),
    "vercel-token": ((f"vcp_{B('vcp', 40)}",), "vercel_app"),
    "supabase-key": ((f"sbp_{H('sbp', 40)}",), "sbp_x"),
    "neon-api-key": ((f"napi_{B('napi', 64, LOWER + DIGITS)}",), "napi_call"),
    "planetscale-token": ((f"pscale_tkn_{B('ps', 43)}",), "pscale_tkn_x"),
    "clickhouse-cloud-api-secret-key": ((f"4b1d{B('ch', 38)}",), "4b1d2e"),
    "openshift-user-token": ((f"sha256~{B('oc', 43)}",), "sha256~"),
    "github-pat": ((f"ghp_{B('ghp', 36)}", f"gho_{B('gho', 36)}", f"ghs_{B('ghs', 36)}"), "ghp_short"),
    "github-fine-grained-pat": ((f"github_pat_{B('ghf', 22)}_{B('ghf2', 59)}",), "github_pat_name"),
    "gitlab-pat": ((f"glpat-{B('glp', 20)}", f"gldt-{B('gld', 20)}", f"glrt-{B('glr', 20)}"), "glpat-x"),
    "bitbucket-app-password": ((f"ATBB{B('atbb', 32)}",), "ATBB"),
    "atlassian-api-token": ((f"ATATT3xFfGF0{B('atl', 60)}",), "ATATT3"),
    "jfrog-api-key": ((f"AKCp{B('akc', 69)}",), "AKCp"),
    "jfrog-identity-token": ((f"cmVmd{B('jfr', 59)}",), "cmVmd"),
    "docker-token": ((f"dckr_pat_{B('dckr', 27)}",), "dckr_pat_x"),
    "npm-access-token": ((f"npm_{B('npm', 36)}",), "npm_config_cache"),
    "pypi-upload-token": ((f"pypi-AgEIcHlwaS5vcmc{B('pypi', 70)}",), "pypi-package-name"),
    "rubygems-api-token": ((f"rubygems_{H('gems', 48)}",), "rubygems_x"),
    "nuget-api-key": ((f"oy2{B('nuget', 43, LOWER + DIGITS)}",), "oy2"),
    "clojars-api-token": ((f"CLOJARS_{B('cloj', 60, LOWER + DIGITS)}",), "CLOJARS_x"),
    "crates-io-token": ((f"cio{B('cio', 32)}",), "cio"),
    "sonar-api-token": ((f"squ_{H('squ', 40)}",), "squ_are"),
    "sourcegraph-access-token": ((f"sgp_{H('sgp', 40)}",), "sgp_x"),
    "snyk-api-token": ((f"snyk_uat.{H('snyk', 8)}.{B('snyk2', 40)}",), "snyk_uat.x"),
    "pulumi-api-token": ((f"pul-{H('pul', 40)}",), "pul-x"),
    "prefect-api-token": ((f"pnu_{B('pnu', 36, LOWER + DIGITS)}",), "pnu_x"),
    "hashicorp-tf-api-token": ((f"{B('tfc', 14)}.atlasv1.{B('tfc2', 67)}",), "atlasv1"),
    "vault-service-token": ((f"hvs.{B('hvs', 90)}", f"s.{B('vaultold', 24)}"), "hvs.x"),
    "doppler-api-token": ((f"dp.pt.{B('dp', 43)}",), "dp.pt.x"),
    "infisical-token": ((f"st.{H('inf', 24)}.{H('inf2', 32)}.{H('inf3', 32)}",), "st.1.2"),
    "1password-service-account-token": ((f"ops_eyJ{B('ops', 250)}",), "ops_x"),
    "1password-secret-key": (
        (
            f"A3-{B('op', 6, UPPER + DIGITS)}-{B('op2', 11, UPPER + DIGITS)}-"
            + "-".join(B(f"op{n}", 5, UPPER + DIGITS) for n in "345"),
        ),
        "A3-size",
    ),
    "octopus-deploy-api-key": ((f"API-{B('oct', 26, UPPER + DIGITS)}",), "API-REFERENCE"),
    "harness-api-key": ((f"pat.{B('har', 22)}.{B('har2', 24)}.{B('har3', 20)}",), "pat.x"),
    "launchdarkly-access-token": ((f"api-{U('ld')}",), "api-v1"),
    "databricks-api-token": ((f"dapi{H('dapi', 32)}", f"dapi{H('dapi2', 32)}-2"), "dapi is a prefix"),
    "huggingface-access-token": ((f"hf_{B('hf', 34)}",), "hf_distilbert_base"),
    "huggingface-organization-api-token": ((f"api_org_{B('hforg', 34)}",), "api_org_x"),
    "openai-api-key": (
        (
            f"sk-{B('oa', 20)}T3BlbkFJ{B('oa2', 20)}",
            f"sk-proj-{B('oap', 48)}",
            f"sk-svcacct-{B('oas', 48)}",
            f"sk-ant-api03-{B('ant', 90)}-AA",
            f"sk-or-v1-{H('or', 64)}",
        ),
        "sk-learn-random-forest-regressor",
    ),
    "model-api-key": (
        (
            f"gsk_{B('gsk', 52)}",
            f"nvapi-{B('nv', 64)}",
            f"pplx-{B('pplx', 48)}",
            f"xai-{B('xai', 80)}",
            f"r8_{B('r8', 37)}",
            f"lsv2_pt_{H('ls', 32)}_{H('ls2', 10)}",
            f"tvly-dev-{B('tvly', 32)}",
            f"pcsk_{B('pc', 60)}",
            f"fw_{B('fw', 24)}",
            f"jina_{B('jina', 60)}",
            f"pa-{B('voyage', 43)}",
        ),
        "pa-lm and gsk_x",
    ),
    "elevenlabs-api-key": ((f"sk_{H('el', 48)}",), "sk_learn"),
    "slack-token": (
        (f"xoxb-{B('sl', 12, DIGITS)}-{B('sl2', 24)}", f"xapp-1-A0{B('sl3', 9, UPPER)}-{H('sl4', 64)}"),
        "xoxo-hugs",
    ),
    "discord-api-token": ((f"MTE4{B('dc', 20)}.G{B('dc2', 5)}.{B('dc3', 38)}",), "Model.v1.final"),
    "telegram-bot-api-token": ((f"123456789:AA{B('tg', 33)}",), "10:AA"),
    "facebook-access-token": ((f"EAAC{B('fb', 120)}", f"123456789012345|{B('fb2', 27)}"), "EAACH"),
    "stripe-access-token": (
        (f"sk_live_{B('st', 24)}", f"rk_test_{B('st2', 24)}", f"whsec_{B('st3', 32)}"),
        "sk_test_x",
    ),
    "square-access-token": ((f"sq0atp-{B('sq', 22)}", f"EAAA{B('sqe', 60)}"), "sq0x"),
    "paypal-access-token": (
        (f"access_token$production${B('pp', 16, LOWER + DIGITS)}${H('pp2', 32)}",),
        "access_token$x",
    ),
    "plaid-api-token": ((f"access-sandbox-{U('plaid')}",), "access-sandbox-x"),
    "flutterwave-secret-key": ((f"FLWSECK_TEST-{B('flw', 32)}-X",), "FLWSECK"),
    "easypost-api-token": ((f"EZAK{B('ez', 54)}",), "EZAK"),
    "duffel-api-token": ((f"duffel_test_{B('duf', 43)}",), "duffel_test_x"),
    "shopify-access-token": ((f"shpat_{H('shp', 32)}",), "shpat_x"),
    "shippo-api-token": ((f"shippo_live_{H('shippo', 40)}",), "shippo_live_x"),
    "twilio-api-key": ((f"SK{H('tw', 32)}",), "SKLEARN"),
    "sendgrid-api-token": ((f"SG.{B('sg', 22)}.{B('sg2', 43)}",), "SG.x"),
    "sendinblue-api-token": ((f"xkeysib-{H('sib', 64)}-{B('sib2', 16)}",), "xkeysib-x"),
    "mailgun-private-api-token": ((f"key-{H('mg', 32)}",), "key-value"),
    "mailchimp-api-key": ((f"{H('mc', 32)}-us12",), "eu-us12"),
    "resend-api-key": ((f"re_{B('re', 8)}_{B('re2', 24)}",), "re_compile"),
    "hubspot-api-key": ((f"pat-na1-{U('hub')}",), "pat-na1"),
    "airtable-personal-access-token": ((f"pat{B('air', 14)}.{H('air2', 64)}",), "path.join"),
    "linear-api-key": ((f"lin_api_{B('lin', 40)}",), "lin_reg"),
    "notion-api-token": ((f"ntn_{B('ntn', 46)}", f"secret_{B('notion', 43)}"), "secret_santa"),
    "figma-access-token": ((f"figd_{B('fig', 40)}",), "figd_x"),
    "frameio-api-token": ((f"fio-u-{B('fio', 64)}",), "fio-u-x"),
    "typeform-api-token": ((f"tfp_{B('tfp', 59)}",), "tfp_x"),
    "adobe-client-secret": ((f"p8e-{B('p8e', 32)}",), "p8e-x"),
    "contentful-token": ((f"CFPAT-{B('cfp', 43)}",), "CFPAT-x"),
    "mapbox-api-token": ((f"sk.eyJ1{B('mb', 60)}.{B('mb2', 22)}",), "sk.eyes"),
    "maxmind-license-key": ((f"{B('mm', 6)}_{B('mm2', 29)}_mmk",), "a_mmk"),
    "readme-api-token": ((f"rdme_{B('rdme', 70, LOWER + DIGITS)}",), "rdme_x"),
    "postman-api-token": ((f"PMAK-{H('pm', 24)}-{H('pm2', 34)}",), "PMAK-x"),
    "lob-api-key": ((f"live_{H('lob', 35)}",), "test_data"),
    "grafana-service-account-token": ((f"glsa_{B('gls', 32)}_{H('gls2', 8)}", f"glc_{B('glc', 60)}"), "glsa_x"),
    "new-relic-user-api-key": ((f"NRAK-{B('nr', 27, UPPER + DIGITS)}",), "NRAK-x"),
    "new-relic-license-key": ((f"{H('nrl', 36)}NRAL",), "NRAL"),
    "sentry-token": ((f"sntrys_{B('sen', 80)}", f"sntryu_{H('senu', 64)}"), "sntrys_x"),
    "sentry-dsn": ((f"https://{H('dsn', 32)}@o12.ingest.sentry.io/34",), "https://sentry.io/x"),
    "dynatrace-api-token": ((f"dt0c01.{B('dt', 24, UPPER)}.{B('dt2', 64, UPPER + DIGITS)}",), "dt0c01.x"),
    "posthog-api-key": ((f"phc_{B('phc', 43)}",), "phc_x"),
    "settlemint-token": ((f"sm_pat_{B('sm', 16)}",), "sm_pat_x"),
    "authress-service-client-access-key": (
        (f"sc_{H('ar', 12)}.{H('ar2', 5)}.acc_{H('ar3', 14)}.{H('ar4', 44)}",),
        "sc_x.y",
    ),
    "okta-access-token": ((f"SSWS 00{B('okta', 40)}",), "SSWS is a scheme"),
    "infracost-api-token": ((f"ico-{B('ico', 32)}",), "ico-n"),
    "defined-networking-api-token": ((f"dnkey-{B('dn', 26)}-{B('dn2', 52)}",), "dnkey-x"),
}

NAMED = tuple(
    (pattern, f"{name}{sign}{{}}")
    for pattern, sign in (("{}: {{}}", ": "), ("{}={{}}", "="))
    for name in (
        *("password", "db_password", "PGPASSWORD", "clientSecret", "ClientSecret", "client-secret", "client.secret"),
        *("API_KEY", "apiKey", "api-key", "passphrase", "pwd", "sas_token", "SasToken", "AWS_SECRET_ACCESS_KEY"),
        *("connection_string", "connectionString", "AUTH_TOKEN", "hf-token", "spring.datasource.password", "token"),
        *("accessToken", "privateKey", "secret", "credentials", "mysqlPassword", "X-Api-Key", "GITHUB_TOKEN"),
    )
)
VALUES = tuple(template.format(body(template, 10)) for _, template in NAMED)
SHORT = (
    *(f"--password {B('f1', 8)}", f"--password={B('f2', 8)}", f"--api-key {B('f3', 12)}", f"--token '{B('f4', 12)}'"),
    *(
        f'{{"password": "{B("f5", 7)}"}}',
        f"{{'password': '{B('f6', 7)}'}}",
        f'{{"user": {{"apiToken": "{B("f7", 9)}"}}}}',
    ),
    *(
        f'os.environ["PGPASSWORD"] = "{B("f8", 8)}"',
        f"export DB_PASS={B('f9', 8)}",
        f"<password>{B('f10', 8)}</password>",
    ),
    *(f'.option("password", "{B("f11", 8)}")', f"| password | {B('f12', 8)} |", f"the password is {B('f13', 8)}."),
    *(
        f'name: DB_PASSWORD, value: "{B("f14", 8)}"',
        f'connect(password="{B("f15", 8)}")',
        f"**API key**: {B('f16', 20)}",
    ),
    *(
        f'{{"auth": "{B("f17", 24)}"}}',
        f"//registry.example.org/:_authToken={B('f18', 24)}",
        f"password: correct-{B('f19', 8)}",
    ),
    f"x-api-key: {B('f20', 24)}",
)
SECRETS = (*(text for texts, _ in CASES.values() for text in texts), *VALUES, *SHORT)

PRIVATE = {
    # a text, and the parts that must not be seen
    "/home/al1ce/data/train.csv": ("al1ce",),
    "/home/al2 ice2/My Project2/x.csv": ("al2", "ice2", "Project2"),
    "/Users/al3 ice3/My Drive3/x.csv": ("al3", "ice3", "Drive3"),
    "see /Users/Jane4 Roe4 for more": ("Jane4", "Roe4"),
    "read '/Users/jane5 roe5/My Work5/x.csv' first": ("jane5", "roe5", "Work5"),
    'open("/home/jane6 roe6/data")': ("jane6", "roe6"),
    "see `/mnt/My Disk7/team7/x.csv`": ("Disk7", "team7"),
    "loaded /home/jane8 roe8/My Work8/x.csv and done": ("jane8", "roe8", "Work8"),
    "C:\\Users\\al9ce": ("al9ce",),
    "C:\\Users\\Jane10 Roe10\\My Work10\\x.csv": ("Jane10", "Roe10", "Work10"),
    "in C:\\Users\\Jane11 Roe11\\My Work11\\x.csv now": ("Jane11", "Roe11", "Work11"),
    "C:\\\\Users\\\\al12ce\\\\x.csv": ("al12ce",),
    "C:\\\\\\\\Users\\\\\\\\al13ce\\\\\\\\x.csv": ("al13ce",),
    "FileNotFoundError: 'C:\\\\Users\\\\al14ce\\\\My Files14\\\\x.csv'": ("al14ce", "Files14"),
    "c:/Users/Jane15 Roe15/Secret Client15/w.pt": ("Jane15", "Roe15", "Client15"),
    "\\\\server16\\share16\\team16\\x.csv": ("server16", "share16", "team16"),
    'from "\\\\\\\\server17\\\\share17\\\\x.csv"': ("server17", "share17"),
    "file:///home/al18 ice18/My Project18/x": ("al18", "ice18", "Project18"),
    "file:///C:/Users/Jane%20Roe19/My%20Work19/x": ("Roe19", "Work19"),
    "file:E:/CloudDrive - Acme20 University20/Private Folder20/Codes20/x": ("Acme20", "University20", "Folder20"),
    "/mnt/c/Users/al21ce": ("al21ce",),
    "dbfs:/Users/al22ce@example.org/model": ("al22ce",),
    "~al23ce/models/x": ("al23ce",),
    "Traceback:\\n/home/al24ce/train.py failed": ("al24ce",),
    "\\u002fhome\\u002fal25ce\\u002fx.csv": ("al25ce",),
    "\\/home\\/al26ce\\/x.csv": ("al26ce",),
    "%2Fhome%2Fal27ce%2Fx.csv": ("al27ce",),
    "&#x2f;home&#47;al28ce&#x2f;x.csv": ("al28ce",),
    '{"cfg": "{\\"path\\": \\"/home/al29 ice29/x y/z.csv\\"}"}': ("al29", "ice29"),
    "sqlite:////home/al30ce/mlflow.db": ("al30ce",),
    "sftp://host/home/al31ce/x": ("al31ce",),
    "PYTHONPATH=/opt/lib32/x:/home/al32ce/lib": ("lib32", "al32ce"),
    "-e /home/al33ce/My Package33/src": ("al33ce", "Package33"),
    "/Workspace/Users/al34ce@example.org/My notebook": ("al34ce",),
    "user_id: al35ce": ("al35ce",),
    '{"mlflow.user": "al36ce"}': ("al36ce",),
    "username=al37ce": ("al37ce",),
    "ask al38ce.last+tag@sub.example.org now": ("al38ce",),
    "mailto:al39ce@example.org": ("al39ce",),
    "al40ce%40example.org": ("al40ce",),
    "al41ce&#64;example.org": ("al41ce",),
    "al42ce\\u0040example.org": ("al42ce",),
    "'al43ce@example.org'": ("al43ce",),
    "jörg44@example.org": ("44@",),
    f"\\tghp_{B('esc45', 36)}": (B("esc45", 36)[8:20],),
    f'{{\\"password\\": \\"{B("esc46", 8)}\\"}}': (B("esc46", 8),),
    f'{{\\\\\\"token\\\\\\": \\\\\\"{B("esc47", 12)}\\\\\\"}}': (B("esc47", 12),),
}

NORMAL = (
    *("max_tokens: 512", "max_tokens=4096", "tokenizer: bert-base-uncased", "eos_token: </s>", "pad_token: [PAD]"),
    *(
        "primary_key: id",
        "token_count: 77",
        "secret santa",
        "password_strength: 3",
        "num_tokens=1024",
        "bos_token_id: 1",
    ),
    *("https://mlflow.org/docs/latest/models.html#signature", "https://docs.python.org/3/library/secrets.html"),
    *(
        "https://scikit-learn.org/stable/modules/generated/sklearn.linear_model.html",
        "https://arxiv.org/abs/1706.03762",
    ),
    *("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    *("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "m-8ecf76f398de4799a0f0bda4e4bc422b", "61ac95277ce549d1863ac61496bc9203"),
    *(
        "learning_rate: 0.001",
        "base_url: https://api.example.org/v1",
        "@dataclass",
        "models:/churn@champion",
        "@scope/package",
    ),
    *(
        "git@github.com:owner/repo.git",
        "scikit-learn==1.5.0",
        "numpy>=1.26,<3",
        "s3://bucket/path/to/model",
        "runs:/0123/model",
    ),
    *(
        "data/train/part-0.csv",
        "~/.cache/models",
        "$HOME/models",
        "./data/train.csv",
        "and/or",
        "km/h",
        "2026-01-03T10:00:00Z",
    ),
    *(
        "special_tokens_map: {}",
        "tokens_per_second: 31.5",
        "sort_key: created",
        "key: value",
        "keys: [a, b]",
        "n_users: 5",
    ),
    *("the user asks for a password reset", "user: hello, how are you?", "monkey: 3", "author: Jane", "authors: 3"),
    *('{"user_id": {"type": "string"}}', '{"type": "string", "name": "password", "required": true}'),
    '{"properties": {"token": {"type": "string"}, "password": {"type": "string"}}, "required": ["token", "password"]}',
    *("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "image@sha256:9f86d081884c7d659a2f"),
    *("dbfs:/mnt/lake/models/x", "mlflow-artifacts:/1/abc/artifacts", "/invocations", "POST /v1/chat/completions"),
    *("password: str", "api_key: Optional[str] = None", 'token = os.environ["HF_TOKEN"]', "password: ${DB_PASSWORD}"),
    *("api_key: YOUR", "cls_token: [CLS]", "unk_token: <unk>", "cache_key: 8f14e45fceea167a5a36dedd4bea2543"),
    *(
        "feature_key: customer_id",
        "use Bearer authentication",
        "Basic usage",
        "pass@1: 0.67",
        "connection: keep-alive",
        "\\alpha \\beta",
    ),
    *(
        "tokenization is done with /// as mark",
        "a / b / c",
        "precision@10",
        "C++/CUDA",
        "TCP/IP",
        "x@y",
        "key-value store",
    ),
)
