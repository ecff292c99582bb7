namespace Lava.Core.Catalogue;

/// <summary>What an endpoint of a provider is for; together with its <see cref="WireFormat"/> it decides how usage is read.</summary>
public enum EndpointKind
{
    /// <summary>A conversation that is answered with text, tool calls or reasoning (chat completions, responses, messages, generateContent,
    /// Converse).</summary>
    Chat,

    /// <summary>A text that is continued (OpenAI's legacy completions).</summary>
    Completion,

    /// <summary>Text turned into vectors.</summary>
    Embeddings,

    /// <summary>Text turned into audio; billed by characters or audio tokens.</summary>
    Speech,

    /// <summary>Audio turned into text; billed by seconds or tokens.</summary>
    Transcription,

    /// <summary>Images made or edited; billed by image or tokens.</summary>
    Images,

    /// <summary>Text or images judged by what a provider forbids; free or billed by tokens.</summary>
    Moderation,

    /// <summary>Documents put in order by how well they answer a query; billed by searches or tokens.</summary>
    Rerank,

    /// <summary>Prompt tokens counted without an answer; free at every provider that has it.</summary>
    CountTokens,

    /// <summary>Model lists and other reads that cost nothing.</summary>
    Metadata,

    /// <summary>Files of a provider account: uploads, lists, downloads that hold no results; free.</summary>
    Files,

    /// <summary>Batches of a provider account: made, looked at, cancelled; free until their results are fetched.</summary>
    Batches,

    /// <summary>The results of a batch, an answer on each line; each answer is billed at the batch price.</summary>
    BatchResults,

    /// <summary>Anything else, at a flat price per successful call.</summary>
    Api,
}
