using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Pricing;

namespace Lava.Core.Tests.Formats;

/// <summary>An answer as a provider sends it, and what is to be read from it.</summary>
public sealed record AnswerFixture(string Name, WireFormat Format, EndpointKind Kind, string ContentType, byte[] Body, Usage Usage)
{
    public bool HasUsage { get; init; } = true;

    public bool HasError { get; init; }

    public bool IsInconsistent { get; init; }

    /// <summary>Whether the answer has an end of its own, which is held back.</summary>
    public bool HasEnd { get; init; } = true;

    public string? ResponseId { get; init; }

    public string? Model { get; init; }

    /// <summary>The end of the body that says no more than line ends, without which the answer is whole already.</summary>
    public int LooseEnd => Body.Length - Body.AsSpan().TrimEnd("\r\n"u8).Length;

    public AnswerReader Open(bool withholdUsage = false, string? encoding = null) => AnswerReaders.Create(Endpoint(Format, Kind), ContentType, encoding, withholdUsage);

    public static ProviderEndpoint Endpoint(WireFormat format, EndpointKind kind) => new() { Method = "POST", Path = "/v1/call", Format = format, Kind = kind };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public override string ToString() => Name;
}
