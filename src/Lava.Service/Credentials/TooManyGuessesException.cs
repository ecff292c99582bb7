namespace Lava.Service.Credentials;

/// <summary>A key that is not known was sent from where too many others were guessed: it is not looked up. It becomes a 429 where all faults are
/// told.</summary>
/// <param name="seconds">Seconds until it may be tried again.</param>
internal sealed class TooManyGuessesException(int seconds) : Exception
{
    /// <summary>Seconds until it may be tried again.</summary>
    public int Seconds { get; } = seconds;
}
