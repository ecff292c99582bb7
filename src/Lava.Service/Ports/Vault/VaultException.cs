namespace Lava.Service.Ports.Vault;

/// <summary>The vault cannot do what was asked: it is out of reach, it refuses, or there is none. Its message may be logged and never holds a secret.</summary>
public sealed class VaultException : Exception
{
    /// <summary>Creates it.</summary>
    public VaultException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public VaultException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and its cause.</summary>
    public VaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
