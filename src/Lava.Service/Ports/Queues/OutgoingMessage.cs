using Lava.Service.Ports.Tables;

namespace Lava.Service.Ports.Queues;

/// <summary>A message to be sent.</summary>
/// <param name="Id">Unique id, at most 128 characters of a table key.</param>
/// <param name="Session">The session that orders it, at most 128 characters of a table key.</param>
/// <param name="Body">UTF-8 JSON of at most <see cref="MaxBodyBytes"/>.</param>
/// <param name="Delay">How long it stays invisible.</param>
public readonly record struct OutgoingMessage(string Id, string Session, ReadOnlyMemory<byte> Body, TimeSpan Delay = default)
{
    /// <summary>Most bytes of a body: Service Bus Standard takes 256 KB with properties.</summary>
    public const int MaxBodyBytes = 240 * 1024;

    private const int MaxIdLength = 128;

    /// <summary>Throws unless <paramref name="messages"/> can be sent in one call: each within its limits, all of one session.</summary>
    public static void Check(IReadOnlyList<OutgoingMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message.Session != messages[0].Session) throw new ArgumentException("Messages of one call belong to one session.", nameof(messages));
            if (message.Body.Length > MaxBodyBytes) throw new ArgumentException($"A body has at most {MaxBodyBytes} bytes.", nameof(messages));
            TableLimits.CheckKey(message.Id);
            TableLimits.CheckKey(message.Session);
            if (message.Id.Length > MaxIdLength || message.Session.Length > MaxIdLength)
                throw new ArgumentException($"An id and a session have at most {MaxIdLength} characters.", nameof(messages));
        }
    }
}
