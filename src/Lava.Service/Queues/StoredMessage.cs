using System.Text.Json;

namespace Lava.Service.Queues;

/// <summary>A message in a row.</summary>
/// <param name="Id">The sender's id.</param>
/// <param name="Session">Its session.</param>
/// <param name="Attempts">Deliveries that failed.</param>
/// <param name="Reason">Why it was given up; null otherwise.</param>
/// <param name="Body">Its body.</param>
internal sealed record StoredMessage(string Id, string Session, int Attempts, string? Reason, JsonElement Body);
