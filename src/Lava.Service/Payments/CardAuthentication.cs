namespace Lava.Service.Payments;

/// <summary>When a cardholder must authenticate a charge.</summary>
internal enum CardAuthentication
{
    /// <summary>The card is never authenticated.</summary>
    Never,

    /// <summary>Where the cardholder is there; the card was set up for charges without.</summary>
    OnSession,

    /// <summary>Always, so that it cannot be charged while the cardholder is not there.</summary>
    Always,
}
