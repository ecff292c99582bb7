namespace Lava.Core.Formats;

/// <summary>Which of the terms that change a price an answer has named, the ordinary ones too.</summary>
[Flags]
public enum NamedTerms
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The service tier.</summary>
    Tier = 1,

    /// <summary>The speed.</summary>
    Speed = 2,

    /// <summary>The region of inference.</summary>
    Geo = 4,
}
