namespace Lava.Service.Catalogue.Views;

/// <summary>Prices of text, audio or image tokens that differ from a service's plain ones, US dollars per 1M tokens.</summary>
/// <param name="Input">Of what is sent.</param>
/// <param name="Output">Of what is answered.</param>
internal sealed record PartPricing(decimal? Input, decimal? Output);
