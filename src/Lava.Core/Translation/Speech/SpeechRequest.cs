namespace Lava.Core.Translation.Speech;

/// <summary>OpenAI's request for speech, put into ElevenLabs' form.</summary>
/// <param name="Voice">The voice's id, for the address: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="OutputFormat">The query parameter <c>output_format</c>: codec, sample rate and bit rate.</param>
/// <param name="Body">The body, JSON in UTF-8.</param>
/// <param name="Adapted">Names of the client's members that ElevenLabs has no counterpart for, and that OpenAI does not document either.</param>
public sealed record SpeechRequest(string Voice, string OutputFormat, ReadOnlyMemory<byte> Body, IReadOnlyList<string> Adapted);
