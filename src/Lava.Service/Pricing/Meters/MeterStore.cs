using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Pricing.Meters;

/// <summary>A merchant's meters. A slug and an id are interchangeable wherever a meter is named (rest-api.md §9.1).</summary>
internal sealed class MeterStore(ITableStore tables, TimeProvider time)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "meter";

    /// <summary>Most characters of a slug; ids are shorter.</summary>
    private const int MaxSlug = 255;

    private const string RowPrefix = "meter|";

    private readonly TimedCache<(Tenant, string), Meter> _kept = new(time, TimeSpan.FromSeconds(5), 50_000);

    /// <summary>Adds a meter; false where its slug is taken.</summary>
    public async ValueTask<bool> AddAsync(Tenant tenant, Meter meter, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(
            TableNames.Resources,
            tenant.Partition,
            [
                TableWrite.Insert(SlugRow(meter.Slug), Encoding.UTF8.GetBytes($"\"{meter.Id}\"")),
                TableWrite.Insert(Row(meter.Id), Json.Write(meter, MetersJson.Default.Meter)),
            ],
            cancellationToken);
        Forget(tenant, meter);
        return result.IsCommitted;
    }

    /// <summary>A meter by slug or id, with its version; null where there is none.</summary>
    public async ValueTask<(Meter Meter, string ETag)?> FindAsync(Tenant tenant, string slugOrId, CancellationToken cancellationToken)
    {
        var id = slugOrId;
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _))
        {
            if (!IsSlug(id)) return null;
            var slug = await tables.GetAsync(TableNames.Resources, tenant.Partition, SlugRow(id), cancellationToken);
            if (slug is null) return null;
            id = Encoding.UTF8.GetString(slug.Data.Span).Trim('"');
        }

        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, MetersJson.Default.Meter), row.ETag);
    }

    /// <summary>A meter by id, deleted or not; null where there never was one.</summary>
    public async ValueTask<Meter?> FindEverAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken)
            ?? await tables.GetAsync(TableNames.Resources, tenant.Partition, "deleted-" + Row(id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, MetersJson.Default.Meter);
    }

    /// <summary>A meter as it was at most a few seconds ago.</summary>
    public async ValueTask<Meter?> FindCachedAsync(Tenant tenant, string slugOrId, CancellationToken cancellationToken)
    {
        if (slugOrId.Length > MaxSlug) return null;
        if (_kept.TryGet((tenant, slugOrId), out var kept)) return kept;
        var mark = _kept.Mark;
        var meter = (await FindAsync(tenant, slugOrId, cancellationToken))?.Meter;
        _kept.Set((tenant, slugOrId), meter, mark);
        return meter;
    }

    /// <summary>Meters, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Meter>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, MetersJson.Default.Meter))];
    }

    /// <summary>Replaces a meter of that version; false if it changed meanwhile.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, Meter meter, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(
            TableNames.Resources, tenant.Partition, [TableWrite.Replace(Row(meter.Id), Json.Write(meter, MetersJson.Default.Meter), etag)], cancellationToken);
        Forget(tenant, meter);
        return result.IsCommitted;
    }

    /// <summary>Takes a meter of that version away and frees its slug; false if it changed meanwhile. Requests keep what they were charged.</summary>
    public async ValueTask<bool> DeleteAsync(Tenant tenant, Meter meter, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(
            TableNames.Resources,
            tenant.Partition,
            [
                TableWrite.Delete(Row(meter.Id), etag),
                TableWrite.Delete(SlugRow(meter.Slug)),
                TableWrite.Put("deleted-" + Row(meter.Id), Json.Write(meter, MetersJson.Default.Meter)),
            ],
            cancellationToken);
        Forget(tenant, meter);
        return result.IsCommitted;
    }

    /// <summary>Whether a text can be a slug: lower-case letters, digits, underscores and hyphens, at most 255, a letter or digit first.</summary>
    public static bool IsSlug(string text) =>
        text.Length is > 0 and <= MaxSlug && (char.IsAsciiLetterLower(text[0]) || char.IsAsciiDigit(text[0]))
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    /// <summary>Whether a slug may be given to a meter: one that looks like an id would be taken for one wherever a meter is named.</summary>
    public static bool IsGivable(string slug, Mode mode) => IsSlug(slug) && !Id.TryGetUlid(slug, Prefix, mode, out _);

    private void Forget(Tenant tenant, Meter meter)
    {
        _kept.Remove((tenant, meter.Id));
        _kept.Remove((tenant, meter.Slug));
    }

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);

    private static string SlugRow(string slug) => "meter-slug|" + slug;
}
