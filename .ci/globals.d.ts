/* What the scripts of pages put on `window` for each other, as tsc cannot follow it from one classic script to the next. */

/** What all scripts share. Those of a folder add what the next of them need: `[name]`. */
interface Sitegen {
  /** All elements that match a selector, in the document or within an element. */
  all(selector: string, within?: ParentNode): any[];
  make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: object, ...children: unknown[]): HTMLElementTagNameMap[K];
  reveal(text: string): string;
  linkButton(text: string, onclick: () => void, attributes?: object): HTMLButtonElement;
  steady(within: HTMLElement, action: () => void): void;
  state: {
    read(): URLSearchParams;
    write(parameters: URLSearchParams): void;
    replace(mine: (name: string) => boolean, parameters: URLSearchParams): void;
  };
  script(address: string): Promise<void>;
  pause(): Promise<void> | undefined;
  own(object: object | null | undefined, key: string): any;
  onTheme(listener: () => void): void;
  numbers: {
    numeric(value: unknown): boolean;
    digitsOf(values: unknown[]): Digits;
    shownNumber(value: unknown, digits: Digits): string;
    shownChange(change: number, digits: Digits): string;
    fullNumber(value: number): string;
  };
  chartTypes: Record<string, ChartType>;
  [name: string]: any;
}

/** How the numbers of a column are written, as in sitegen/site/display.py. */
interface Digits {
  places: number | null;
  extra: number;
  exact: Set<number>;
}

/** An entry of the table in templates/assets/studio/types.js, which says what each member is. */
interface ChartType {
  uses: string[];
  aggregates: boolean;
  colours(field: ChartField): boolean;
  ready(chart: Chart, data: any): void;
  rows(rows: any[]): any[];
  xType(field: ChartField): string;
  layer(layer: any, chart: Chart, made: any, colours: any): void;
  labels(rows: any[], chart: Chart, baseline: string): void;
  title(chart: Chart, names: string): string;
  height: number;
  width(chart: Chart): number;
  titleOffset: number;
}

/** The choices of a chart. */
interface Chart {
  type: string;
  x: string;
  y: string[];
  color: string;
  size: string;
  facet: string;
  sort: string;
  baseline: string;
  logx: boolean;
  logy: boolean;
  title: string;
}

/** What can be drawn of the versions of a model; `key`, `kind` and `direction` where the values are those of a key. */
interface ChartField {
  id: string;
  title: string;
  type: string;
  key?: string;
  kind?: string;
  direction?: string;
}

interface Window {
  sitegen: Sitegen;
  /** models/<slug>/data.js puts the data of a model here, by slug. */
  sitegenModels?: Record<string, any>;
  /** The files of a model's older versions, and of histories and texts: by slug, or slug and number of the file. */
  sitegenVersions?: Record<string, any>;
  sitegenSteps?: Record<string, any>;
  sitegenTexts?: Record<string, any>;
  /** compat.js: the rules of verdicts, MLflow's casts and the forms of calls, as sitegen/site/compat_script.py writes them. */
  sitegenCompat: { rules: Record<string, any>; casts: Record<string, any>; forms: Record<string, string[]> };
  /** charts.js: the types of charts and their templates, by type. */
  sitegenCharts: { types: Record<string, string>; templates: Record<string, any> };
  /** vega.js: vega-embed, as sitegen/site/charts/scripts.py bundles it. */
  sitegenVega: { embed(element: HTMLElement, spec: object, options: object): Promise<any> };
  /** The parts of the catalog's data hand themselves over here, by number. */
  sitegenCatalog: Record<"index" | "text" | "values", (number: number, data: any) => void> & { runs?: (number: number, data: any) => void };
  /** The data of the table of versions hands itself over here. */
  sitegenVersionTable: { index(index: any): void; values(columns: any[]): void };
  /** The scripts that check what is sent to a model. */
  sitegenUse: any;
  /** Where the preview server is at, in pages that it serves. */
  sitegenLive: { build: string; edit: boolean; busy: boolean; setBusy(busy: boolean): void; [name: string]: any };
}
