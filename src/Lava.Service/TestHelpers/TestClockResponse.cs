namespace Lava.Service.TestHelpers;

/// <summary>A test clock on the wire; <c>status</c> is <c>ready</c> or <c>advancing</c>.</summary>
internal sealed record TestClockResponse(string TestClockId, string? Name, DateTimeOffset FrozenTime, string Status, DateTimeOffset CreatedAt);
