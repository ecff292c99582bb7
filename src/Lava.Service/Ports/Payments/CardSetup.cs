using System.Text.Json.Serialization;

namespace Lava.Service.Ports.Payments;

/// <summary>The collection of a card on the processor's own page, or in its form in a page of ours, so that its number never comes to this server.</summary>
public sealed record CardSetup
{
    /// <summary>The setup's id at the processor.</summary>
    public required string Id { get; init; }

    /// <summary>What became of it.</summary>
    public required CardSetupStatus Status { get; init; }

    /// <summary>Where the cardholder gives the card's data, relative to this server where it is a page of its own; null unless that is waited for.</summary>
    public Uri? PageUrl { get; init; }

    /// <summary>What the form needs in which the cardholder gives the card's data; null unless that is waited for.</summary>
    [JsonIgnore]
    public CardForm? Form { get; init; }

    /// <summary>The card; null until it is given.</summary>
    public PaymentMethod? Method { get; init; }
}
