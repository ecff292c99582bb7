namespace Lava.Service.Ports;

/// <summary>A message to be sent.</summary>
/// <param name="Id">Unique id, at most 128 characters of a table key.</param>
/// <param name="Session">The session that orders it, at most 128 characters of a table key.</param>
/// <param name="Body">UTF-8 JSON of at most <see cref="MaxBodyBytes"/>.</param>
/// <param name="Delay">How long it stays invisible.</param>
public readonly record struct OutgoingMessage(string Id, string Session, ReadOnlyMemory<byte> Body, TimeSpan Delay = default)
{
    /// <summary>Most bytes of a body: Service Bus Standard takes 256 KB with properties.</summary>
    public const int MaxBodyBytes = 240 * 1024;
}
