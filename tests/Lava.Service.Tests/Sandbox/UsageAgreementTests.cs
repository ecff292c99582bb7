using System.Buffers;
using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Service.Tests.Sandbox;

/// <summary>What the sandbox was asked to use is what the gateway's readers find in its answers, in every format.</summary>
public sealed class UsageAgreementTests : IDisposable
{
    private readonly SandboxClient _client = new();

    public static TheoryData<string, string> Answers()
    {
        var data = new TheoryData<string, string>();
        foreach (var endpoint in Endpoints.Keys)
        {
            foreach (var directives in new[] { "", "; chunk_bytes=3", "; gzip", "; br; chunk_bytes=5", "; crlf" }) data.Add(endpoint, directives);
        }

        return data;
    }

    private static readonly Dictionary<string, (ProviderEndpoint Endpoint, string More)> Endpoints = new()
    {
        ["chat"] = (SandboxClient.Chat, ""),
        ["chat stream"] = (SandboxClient.Chat, ",\"stream\":true"),
        ["responses"] = (SandboxClient.Responses, ""),
        ["responses stream"] = (SandboxClient.Responses, ",\"stream\":true"),
        ["messages"] = (SandboxClient.Messages, ""),
        ["messages stream"] = (SandboxClient.Messages, ",\"stream\":true"),
        ["generate"] = (SandboxClient.Generate, ""),
        ["generate stream"] = (SandboxClient.StreamGenerate, ""),
        ["converse"] = (SandboxClient.Converse, ""),
        ["converse stream"] = (SandboxClient.ConverseStream, ""),
    };

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Asked_usage_is_read_usage(string name, string directives)
    {
        var (endpoint, more) = Endpoints[name];
        using var answer = await _client.SendAsync(endpoint, SandboxClient.Body(endpoint, "Hi", more), "input_tokens=70; output_tokens=21; cached_tokens=13; reasoning_tokens=5" + directives);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        using var reader = AnswerReaders.Create(endpoint, answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentEncoding.FirstOrDefault(), withholdUsage: false);
        var released = new ArrayBufferWriter<byte>();
        reader.Read(bytes, released);
        reader.Finish();

        var summary = reader.Summary;
        reader.ReleaseHeld(released);
        released.WrittenSpan.ToArray().ShouldBe(bytes);
        summary.HasUsage.ShouldBeTrue();
        summary.HasError.ShouldBeFalse();
        summary.IsInconsistent.ShouldBeFalse();
        (summary.Usage.InputTokens, summary.Usage.OutputTokens, summary.Usage.CacheReadTokens).ShouldBe((70L, 21L, 13L));
    }
}
