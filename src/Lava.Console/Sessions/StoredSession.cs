using System.Text.Json.Serialization;
using Lava.Core.Keys;

namespace Lava.Console.Sessions;

/// <summary>A session as the store knows it, under the hash of its id.</summary>
/// <param name="SeesTest">Whether it may see and change test mode.</param>
/// <param name="SeesLive">Whether it may see and change live mode.</param>
/// <param name="KeyId">The secret key that opened it, and with which it ends; null for a link.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record StoredSession(bool SeesTest, bool SeesLive, string? KeyId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The name of the admin secret that opened it, for the operator's pages alone; null for a merchant's session.</summary>
    public string? AdminSecret { get; init; }

    /// <summary>Whether a link from the server's own machine opened it.</summary>
    [JsonIgnore]
    public bool IsLink => KeyId is null && AdminSecret is null;

    /// <summary>Whether it may see and change a mode.</summary>
    public bool Sees(Mode mode) => mode == Mode.Test ? SeesTest : SeesLive;
}
