using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>The settings of <see cref="HttpRequestNode"/>.</summary>
internal static class HttpSettings
{
    public static JsonElement Schema { get; } = JsonOutput.Parse("""
        {
          "type": "object",
          "properties": {
            "method": { "type": "string", "title": "Method", "enum": ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], "default": "GET", "x-template": false },
            "url": { "type": "string", "title": "Address", "minLength": 1, "maxLength": 4000, "examples": ["https://api.example.com/orders/{{data.id}}"] },
            "query": { "type": "array", "title": "Query", "maxItems": 100, "x-control": "pairs", "items": { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 200 }, "value": {} }, "required": ["name"], "additionalProperties": false } },
            "headers": { "type": "array", "title": "Headers", "description": "A value is a text, or {\"secret\": \"name\"}.", "maxItems": 50, "x-control": "pairs", "items": { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 100 }, "value": {} }, "required": ["name"], "additionalProperties": false } },
            "auth": {
              "type": "object", "title": "Sign in with", "x-template": false,
              "properties": {
                "type": { "type": "string", "title": "How", "enum": ["none", "bearer", "basic", "header"], "default": "none" },
                "secret": { "type": "object", "title": "Secret", "properties": { "secret": { "type": "string", "minLength": 1, "maxLength": 100 } }, "required": ["secret"], "additionalProperties": false, "x-control": "secret" },
                "username": { "type": "string", "title": "User name", "maxLength": 200, "x-show-if": { "type": "basic" } },
                "header": { "type": "string", "title": "Header", "pattern": "^[A-Za-z0-9-]{1,100}$", "default": "X-Api-Key", "x-show-if": { "type": "header" } }
              },
              "additionalProperties": false
            },
            "body_type": { "type": "string", "title": "Body", "enum": ["none", "json", "text", "form"], "default": "json", "x-template": false },
            "body": { "title": "Content", "description": "Sent as it is with text, as JSON otherwise.", "x-control": "json", "examples": [{ "id": "{{data.id}}" }] },
            "form": { "type": "array", "title": "Fields", "maxItems": 200, "x-control": "pairs", "x-show-if": { "body_type": "form" }, "items": { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 200 }, "value": {} }, "required": ["name"], "additionalProperties": false } },
            "response": { "type": "string", "title": "Take the answer as", "enum": ["auto", "json", "text"], "default": "auto", "x-advanced": true, "x-template": false },
            "errors_are_answers": { "type": "boolean", "title": "Errors are answers", "description": "Go on with a status of 400 or more in place of failing.", "default": false, "x-advanced": true, "x-template": false },
            "follow_redirects": { "type": "boolean", "title": "Follow redirects", "default": true, "x-advanced": true, "x-template": false },
            "idempotent": { "type": "boolean", "title": "The service honours the idempotency key", "description": "A repeated request with the same key takes effect once, so it may be sent again.", "default": false, "x-advanced": true, "x-template": false }
          },
          "required": ["url"],
          "additionalProperties": false
        }
        """);
}
