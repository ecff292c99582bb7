namespace Lava.Service.Ports.Payments;

/// <summary>What became of the collection of a card.</summary>
public enum CardSetupStatus
{
    /// <summary>The cardholder has not given a card yet.</summary>
    Waiting,

    /// <summary>The card is kept.</summary>
    Complete,

    /// <summary>The cardholder came no more in time.</summary>
    GivenUp,
}
