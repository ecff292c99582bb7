namespace Lava.Service.Credentials;

/// <summary>As what somebody calls the management API.</summary>
public enum CallerKind
{
    /// <summary>With a secret key.</summary>
    SecretKey,

    /// <summary>With a link that signed its bearer in to the console.</summary>
    Link,

    /// <summary>As a member of the merchant.</summary>
    Member,

    /// <summary>As a customer of the merchant, in the customer portal.</summary>
    Customer,

    /// <summary>As the operator of the server.</summary>
    Operator,
}
