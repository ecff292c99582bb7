namespace Lava.Service.Ports.Payments;

/// <summary>The payment processor could not be reached or did not say what became of a request; the same request with the same key finds out.</summary>
public sealed class PaymentProcessorException : Exception
{
    /// <summary>Creates it.</summary>
    public PaymentProcessorException() : this("The payment processor failed.") { }

    /// <summary>Creates it with a message.</summary>
    public PaymentProcessorException(string message) : base(message) { }

    /// <summary>Creates it with a message and its cause.</summary>
    public PaymentProcessorException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether the same request may do better later. Where not, the operator has something to set right first: a key that is wrong or may not do
    /// this.</summary>
    public bool IsTransient { get; init; } = true;
}
