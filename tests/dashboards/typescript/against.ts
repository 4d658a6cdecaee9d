// Grafana's types with string enumerations as the strings that stand in JSON. What is `any` stays it.
import type { AnnotationQuery, Dashboard, Panel } from "@grafana/schema";
import type * as table from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as bargauge from "@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as geomap from "@grafana/schema/dist/esm/raw/composable/geomap/panelcfg/x/GeomapPanelCfg_types.gen";
import type * as heatmap from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as timeline from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as lines from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

type IsAny<T> = 0 extends 1 & T ? true : false;
export type Written<T> =
  IsAny<T> extends true ? T
  : T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer One)[] ? Written<One>[]
  : T extends object ? { [Key in keyof T]: Written<T[Key]> }
  : T;

type Options = {
  table: table.Options;
  stat: stat.Options;
  bargauge: bargauge.Options;
  geomap: geomap.Options;
  heatmap: heatmap.Options;
  "state-timeline": timeline.Options;
  timeseries: lines.Options;
};
type FieldsOwn = {
  table: table.FieldConfig;
  stat: never;
  bargauge: never;
  geomap: never;
  heatmap: heatmap.FieldConfig;
  "state-timeline": timeline.FieldConfig;
  timeseries: lines.FieldConfig;
};
// What is left out is filled in by the panel, on load.
export type OptionsOf<Kind extends keyof Options> = Partial<Written<Options[Kind]>>;
export type PanelOf = Written<Omit<Panel, "targets" | "options">>;
export type DashboardOf = Written<Omit<Dashboard, "panels" | "annotations">>;
export type CustomOf<Kind extends keyof FieldsOwn> = Partial<Written<FieldsOwn[Kind]>>;
// What Prometheus' data source adds to an annotation is its own.
export type AnnotationOf = Written<AnnotationQuery>;
