namespace Lava.Service.Webhooks.Mail;

/// <summary>What a mail says.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Body">Its text, plain.</param>
public sealed record AlertText(string Subject, string Body);
