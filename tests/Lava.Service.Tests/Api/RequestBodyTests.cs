using Lava.Service.Api.Input;

namespace Lava.Service.Tests.Api;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_191)]
    [InlineData(8_192)]
    [InlineData(8_193)]
    [InlineData(19_999)]
    [InlineData(20_000)]
    public async Task A_body_within_the_limit_is_read_whole_declared_or_not(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        foreach (var declared in new long?[] { null, length })
            (await RequestBody.ReadAsync(new MemoryStream(bytes), declared, 20_000, default))!.Value.ToArray().ShouldBe(bytes);
    }

    [Theory]
    [InlineData(20_001)]
    [InlineData(32_768)]
    [InlineData(32_769)]
    [InlineData(100_000)]
    public async Task A_body_over_the_limit_is_never_taken_for_an_empty_one(int length)
    {
        foreach (var declared in new long?[] { null, length })
            (await RequestBody.ReadAsync(new MemoryStream(new byte[length]), declared, 20_000, default)).HasValue.ShouldBeFalse();
    }
}
