namespace Lava.Service.Admin.Merchants;

/// <summary>The only secret key of a mode, after a rotation.</summary>
/// <param name="SecretKeyId">The key.</param>
/// <param name="SecretKey">Its value, shown this once.</param>
/// <param name="Mode"><c>test</c> or <c>live</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record RotatedKeyResponse(string SecretKeyId, string SecretKey, string Mode, DateTimeOffset CreatedAt);
