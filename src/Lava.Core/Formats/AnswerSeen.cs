namespace Lava.Core.Formats;

/// <summary>How much of an answer has passed, for an estimate where its usage is not reported.</summary>
/// <param name="Bytes">Bytes of the answer, decoded.</param>
/// <param name="Pieces">Events or frames of a stream; 0 for a whole answer.</param>
/// <param name="LeastPiece">Bytes of the smallest of them.</param>
public readonly record struct AnswerSeen(long Bytes, long Pieces, int LeastPiece)
{
    /// <summary>Bytes of English text for a token, roughly.</summary>
    private const int BytesPerToken = 4;

    /// <summary>An estimate of the answer's tokens. Of a stream each piece is one at least, and what it has beyond the smallest one is text: the smallest is
    /// wrapping.</summary>
    public long Tokens => Pieces == 0 ? (Bytes + BytesPerToken - 1) / BytesPerToken : Math.Max(Pieces, (Bytes - (Pieces * LeastPiece)) / BytesPerToken);

    /// <summary>Adds a whole piece of a stream.</summary>
    internal AnswerSeen With(int piece) => new(Bytes, Pieces + 1, Pieces == 0 ? piece : Math.Min(LeastPiece, piece));
}
