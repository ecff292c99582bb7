using System.Text;
using Azure.Data.Tables;
using FsCheck;
using FsCheck.Fluent;
using Lava.Functions.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Functions.Tests;

public sealed class DocumentTests
{
    [Fact]
    public void A_short_document_is_one_readable_property()
    {
        var entity = Spread("{\"name\":\"é\"}");

        entity["Data"].ShouldBe("{\"name\":\"é\"}");
        entity.ContainsKey("Data2").ShouldBeFalse();
    }

    [Fact]
    public void The_longest_document_fits_the_services_properties()
    {
        var entity = Spread(new string('x', TableLimits.MaxDocumentBytes));

        entity.Where(pair => pair.Key.StartsWith("Data", StringComparison.Ordinal)).ShouldAllBe(pair => ((string)pair.Value).Length * 2 <= TableLimits.MaxPropertyBytes);
        Document.Gather(entity).Length.ShouldBe(TableLimits.MaxDocumentBytes);
    }

    [Fact]
    public void The_longest_document_under_the_longest_keys_is_an_entity_that_the_service_takes_which_the_emulator_does_not_check()
    {
        var key = new string('k', TableLimits.MaxKeyLength);
        var entity = new TableEntity(key, key);
        TransactionToken.Create().Mark(entity);
        Document.Spread(Encoding.UTF8.GetBytes(new string('x', TableLimits.MaxDocumentBytes)), entity);
        var own = entity.Where(pair => pair.Key is not ("PartitionKey" or "RowKey")).ToArray();

        // Microsoft Learn, "Understanding the Table service data model": 252 properties beside the keys and the time stamp, and 1 MiB by this count.
        own.Length.ShouldBeLessThanOrEqualTo(252);
        (4 + (2 * 2 * key.Length) + own.Sum(pair => 8 + (2 * pair.Key.Length) + 4 + (2 * ((string)pair.Value).Length))).ShouldBeLessThanOrEqualTo(1024 * 1024);
    }

    [Fact]
    public void Any_text_comes_back_byte_for_byte_and_no_property_ends_within_a_character() => Prop.ForAll(
        Gen.Elements("x", "é", "漢", "😀").ListOf(7).Select(parts => string.Concat(Enumerable.Repeat(string.Concat(parts), 6_000))).ToArbitrary(),
        text =>
        {
            var entity = Spread(text);
            return Document.Gather(entity).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text))
                && ((IDictionary<string, object>)entity).Values.OfType<string>().All(part => part.Length == 0 || !char.IsHighSurrogate(part[^1]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void An_empty_document_comes_back_empty() => Document.Gather(Spread("")).ShouldBeEmpty();

    private static TableEntity Spread(string text)
    {
        var entity = new TableEntity("p", "r");
        Document.Spread(Encoding.UTF8.GetBytes(text), entity);
        return entity;
    }
}
