namespace Lava.Service.Accounts.Login;

/// <summary>What a code is good for. A code for one purpose is unknown for any other.</summary>
/// <param name="Row">Key of the codes' rows.</param>
/// <param name="Lifetime">How long a code is worth something.</param>
internal sealed record LoginPurpose(string Row, TimeSpan Lifetime)
{
    /// <summary>A command-line program fetches a secret key.</summary>
    public static readonly LoginPurpose Program = new("login-code", TimeSpan.FromSeconds(60));

    /// <summary>A person opens the console.</summary>
    public static readonly LoginPurpose Console = new("console-code", TimeSpan.FromMinutes(10));
}
