namespace AgentLab.Core.Tools.Tables;

internal static class TableQuerySchema
{
    public const string Json = """
        {
          "type": "object",
          "properties": {
            "table": { "type": "string", "minLength": 1, "maxLength": 200, "description": "A name from describe_tables, such as orders" },
            "select": {
              "type": "array",
              "maxItems": 50,
              "description": "The columns of the result. Default: all columns, or the groupBy columns and a count",
              "items": {
                "type": "object",
                "properties": {
                  "column": { "type": "string", "minLength": 1, "description": "A column, or * with aggregate count" },
                  "aggregate": { "type": "string", "enum": ["none", "count", "sum", "avg", "min", "max"] },
                  "as": { "type": "string", "maxLength": 100, "description": "The name in the result. Default: the column, or for an aggregate such as sum_total" }
                },
                "required": ["column"],
                "additionalProperties": false
              }
            },
            "where": {
              "type": "array",
              "maxItems": 20,
              "description": "Conditions that all must hold. Text is compared without regard to case, dates as 2026-03-31",
              "items": {
                "type": "object",
                "properties": {
                  "column": { "type": "string", "minLength": 1 },
                  "operator": { "type": "string", "enum": ["eq", "ne", "lt", "le", "gt", "ge", "contains", "in"] },
                  "value": { "type": ["string", "number", "boolean", "null", "array"], "items": { "type": ["string", "number", "boolean"] }, "maxItems": 200, "description": "An array for in; null with eq or ne means empty" }
                },
                "required": ["column", "operator"],
                "additionalProperties": false
              }
            },
            "groupBy": { "type": "array", "maxItems": 10, "items": { "type": "string", "minLength": 1 } },
            "orderBy": {
              "type": "array",
              "maxItems": 10,
              "items": {
                "type": "object",
                "properties": {
                  "column": { "type": "string", "minLength": 1, "description": "A column of the result, or of the table when nothing is grouped" },
                  "descending": { "type": "boolean" }
                },
                "required": ["column"],
                "additionalProperties": false
              }
            },
            "limit": { "type": "integer", "minimum": 1, "maximum": 200, "description": "Default: 50" }
          },
          "required": ["table"],
          "additionalProperties": false
        }
        """;
}
