using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Lava.Service.Api.Errors;
using Lava.Service.Metering.Records;

namespace Lava.Service.Tests.Reporting;

/// <summary>The table of failures and its description for users, docs/gateway.md, section "Calls that fail".</summary>
public sealed partial class CallFailureTests
{
    [Fact]
    public void Every_code_that_a_request_can_show_is_documented_with_what_the_client_gets()
    {
        var written = Documented();
        var known = CallFailure.All.GroupBy(failure => failure.Code).ToDictionary(
            group => group.Key,
            group => group.Select(failure => failure.ErrorOf("OpenAI", 7)).OfType<ApiError>().Select(error => (error.Status, error.Code)).Distinct().ToList());
        written.Keys.ShouldBe(known.Keys, ignoreOrder: true);
        foreach (var (code, errors) in known) written[code].ShouldBe(errors, ignoreOrder: true, code);
    }

    [Fact]
    public void The_table_has_every_failure_that_there_is()
    {
        var fields = typeof(CallFailure).GetFields().Where(field => field.FieldType == typeof(CallFailure)).Select(field => field.GetValue(null)).ToList();
        fields.Count.ShouldBe(11);
        CallFailure.All.ShouldBe(fields.Cast<CallFailure>(), ignoreOrder: true);
    }

    [Fact]
    public void A_provider_that_rests_is_worth_asking_again_when_its_rest_is_over()
    {
        CallFailure.ProviderResting.ErrorOf("OpenAI", 7)!.RetryAfterSeconds.ShouldBe(7);
        CallFailure.ProviderTimeout.ErrorOf("OpenAI")!.Message.ShouldContain("OpenAI");
    }

    private static Dictionary<string, List<(int Status, string Code)>> Documented([CallerFilePath] string here = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "gateway.md"));
        var section = text[text.IndexOf("## Calls that fail", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        return Row().Matches(section).Where(row => row.Groups["code"].Value != "error_code").ToDictionary(
            row => row.Groups["code"].Value,
            row => Error().Matches(row.Groups["gets"].Value)
                .Select(error => (int.Parse(error.Groups[1].Value, CultureInfo.InvariantCulture), error.Groups[2].Value)).ToList());
    }

    [GeneratedRegex(@"^\| `(?<code>[a-z_]+)` \| [^|]+ \| (?<gets>[^|]+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("([45][0-9][0-9]) `([a-z_]+)`")]
    private static partial Regex Error();
}
