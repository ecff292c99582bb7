using Lava.Service.Ports.Payments;
using Stripe;

namespace Lava.Functions.Payments;

/// <summary>What Stripe answered: an object, or why it refuses the request (a declined card, an object that is not there, a state that forbids it).</summary>
internal readonly record struct StripeAnswer<T>(T? Value, StripeError? Error)
    where T : class
{
    /// <summary>Whether what was asked for does not exist.</summary>
    public bool IsMissing => Error is { Code: "resource_missing" };

    /// <summary>The object, where a refusal is not foreseen.</summary>
    /// <exception cref="PaymentProcessorException">It was refused, and will be again.</exception>
    public T Required() =>
        Value ?? throw new PaymentProcessorException($"Stripe refused a request ({Error!.Type}, {Error.Code}, {Error.Param}).") { IsTransient = false };
}
