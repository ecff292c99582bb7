namespace Lava.Service.Ports.Payments;

/// <summary>How far a dispute is.</summary>
public enum DisputeStatus
{
    /// <summary>The bank has taken the money back and decides.</summary>
    Open,

    /// <summary>The money is given to the payment's receiver again.</summary>
    Won,

    /// <summary>The money stays with the cardholder.</summary>
    Lost,
}
