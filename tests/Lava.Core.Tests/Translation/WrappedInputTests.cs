using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Tests.Translation;

/// <summary>The text of a custom tool comes out of the arguments that carry it, wherever they are cut.</summary>
public sealed class WrappedInputTests
{
    [Theory]
    [InlineData("""{"input":"plain"}""", "plain")]
    [InlineData("""{"input":""}""", "")]
    [InlineData(" {\n \"input\" :\t\"spaced\" } \r\n", "spaced")]
    [InlineData("""{"input":"a\nb\t\"c\" \\ \/ \r\b\f é \u00e9 \uD83D\uDE00 😀 \u0000"}""", "a\nb\t\"c\" \\ / \r\b\f é é 😀 😀 \0")]
    [InlineData("""{"input":"*** Begin Patch\n*** Add File: a.cs\n+var x = \"{\\\"input\\\":1}\";\n*** End Patch\n"}""", "*** Begin Patch\n*** Add File: a.cs\n+var x = \"{\\\"input\\\":1}\";\n*** End Patch\n")]
    [InlineData("{\"input\":\"a\nraw line\"}", "a\nraw line")]
    [InlineData("""{"input":"\d+ \u12x"}""", "\\d+ \\u12x")]
    [InlineData("""{"input":"\uD83D alone"}""", "\uFFFD alone")]
    [InlineData("""{"input":"a","why":"b"}""", "a")]
    [InlineData("""{"why":"b","input":"a"}""", "a")]
    [InlineData("""{"input":"say "hi", please"}""", "say \"hi\", please\"}")]
    [InlineData("""{"input":"cut here""", "cut here")]
    [InlineData("""{"input":"cut\""", "cut")]
    [InlineData("""{"input":"whole" """, "whole")]
    [InlineData("""{"inp""", """{"inp""")]
    [InlineData("""{"patch":"a"}""", """{"patch":"a"}""")]
    [InlineData("""{"input":["a"]}""", """{"input":["a"]}""")]
    [InlineData("""{"inputs":"a"}""", """{"inputs":"a"}""")]
    [InlineData("*** Begin Patch\n\"x\"", "*** Begin Patch\n\"x\"")]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("{}", "")]
    [InlineData("  ", "")]
    [InlineData("", "")]
    public void The_text_comes_out_whole_however_it_is_cut(string arguments, string text)
    {
        Read([arguments]).ShouldBe(text);
        Read(arguments.Select(c => c.ToString())).ShouldBe(text);
        for (var cut = 1; cut < arguments.Length; cut++) Read([arguments[..cut], arguments[cut..]]).ShouldBe(text, $"cut at {cut}");
    }

    [Fact]
    public void The_text_comes_as_the_arguments_do()
    {
        var input = new WrappedInput();
        input.Take("{\"input\": \"*** Be").ShouldBe("*** Be");
        input.Take("gin\\").ShouldBe("gin");
        input.Take("n\\ud83d").ShouldBe("\n");
        input.Take("\\ude00 \\\"").ShouldBe("😀 \"");
        input.Take("\"").ShouldBe("");
        input.Take("}").ShouldBe("");
        input.Finish().ShouldBe("");
    }

    [Fact]
    public void Any_text_that_is_wrapped_comes_out_again_however_it_is_cut() =>
        Prop.ForAll(Texts.ToArbitrary(), Gen.Choose(1, 7).ToArbitrary(), (text, length) =>
        {
            var arguments = JsonSerializer.Serialize(new Dictionary<string, string> { ["input"] = text });
            Read(arguments.Chunk(length).Select(piece => new string(piece))).ShouldBe(text);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_never_shows_its_form_is_passed_on_in_bounded_memory()
    {
        var text = new string('x', 3 * 1024 * 1024);
        Read([text]).ShouldBe(text);
        Read(["{\"input\":\"a\"", text]).ShouldBe("a\"" + text);
        var spaces = new string(' ', 3 * 1024 * 1024);
        Read([spaces]).ShouldBe(spaces);
    }

    [Fact]
    public void The_characters_of_a_JSON_string_are_what_it_says_half_a_pair_included() =>
        JsonToken.CharactersOf("""
            "a\n\"\\\/\u00e9é\ud83d"
            """u8).ShouldBe("a\n\"\\/éé\uD83D");

    private static Gen<string> Texts =>
        Gen.Elements("a", "\n", "\"", "\\", "}", "{\"input\":\"", "é", "😀", "\u2028", "\0", " ", "\\u", "*** End Patch").ListOf().Select(string.Concat);

    private static string Read(IEnumerable<string> pieces)
    {
        var input = new WrappedInput();
        var text = string.Concat(pieces.Select(piece => input.Take(piece)).ToList());
        return text + input.Finish();
    }
}
