using System.Text.Json.Nodes;

namespace Lava.StripeFake;

/// <summary>An answer of the fake Stripe.</summary>
internal sealed record FakeAnswer(int Status, string Body)
{
    public static FakeAnswer Ok(JsonObject body) => new(200, body.ToJsonString());

    /// <summary>An error in Stripe's shape.</summary>
    public static FakeAnswer Error(int status, string type, string? code, string message, string? param = null, string? declineCode = null, JsonObject? intent = null)
    {
        var error = new JsonObject { ["type"] = type, ["message"] = message };
        if (code is not null) error["code"] = code;
        if (param is not null) error["param"] = param;
        if (declineCode is not null) error["decline_code"] = declineCode;
        if (intent is not null) error[(string)intent["object"]!] = intent.DeepClone();
        return new FakeAnswer(status, new JsonObject { ["error"] = error }.ToJsonString());
    }

    public static FakeAnswer Invalid(string message, string? code = null, string? param = null) => Error(400, "invalid_request_error", code, message, param);

    public static FakeAnswer Missing(string what, string id, string param = "id") => Error(404, "invalid_request_error", "resource_missing", $"No such {what}: '{id}'", param);
}
