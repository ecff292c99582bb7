using Lava.Core.Catalogue;

namespace Lava.Service.Gateway;

/// <summary>Where a call goes, and what is sent there.</summary>
/// <param name="Url">The provider's address.</param>
/// <param name="Match">The endpoint that it belongs to.</param>
/// <param name="Body">The body in the provider's format.</param>
/// <param name="Translation">How the answer is put into the client's format; null where it passes as it is.</param>
/// <param name="IsRouted">Whether Lava has chosen or translated the way.</param>
/// <param name="IsFallback">Whether it is not where the caller wanted the call to go first.</param>
internal sealed record CallTarget(Uri Url, EndpointMatch Match, ReadOnlyMemory<byte> Body, AnswerTranslation? Translation = null, bool IsRouted = false, bool IsFallback = false);
