using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Gateway.Relay;

namespace Lava.Service.Gateway.Intake;

/// <summary>Where a call goes, and what is sent there.</summary>
/// <param name="Url">The provider's address.</param>
/// <param name="Match">The endpoint that it belongs to.</param>
/// <param name="Body">The body in the provider's format.</param>
internal sealed record CallTarget(Uri Url, EndpointMatch Match, ReadOnlyMemory<byte> Body)
{
    /// <summary>What the body says, where it was read already; null otherwise.</summary>
    public RequestFacts? Facts { get; init; }

    /// <summary>How what the provider answers is put into the client's format; null where all of it passes as it is.</summary>
    public AnswerTranslation? Translation { get; init; }

    /// <summary>Which entry of the chain it is where Lava has chosen or translated the way, 0 for where the call is to go first; null where the caller has
    /// named provider and format.</summary>
    public int? Entry { get; init; }
}
