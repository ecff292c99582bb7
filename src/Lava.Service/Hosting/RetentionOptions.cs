using System.ComponentModel.DataAnnotations;

namespace Lava.Service.Hosting;

/// <summary>How long is kept what grows with every call, <c>Lava:Retention</c> in the configuration.</summary>
public sealed class RetentionOptions
{
    /// <summary>Days for which a request is kept with everything that is known of it: it can be read and listed, and usage can be asked for by its customer and
    /// metadata. Afterwards the markers, entries and roll-ups stay, with which the books are proven and usage is told by day and by meter. 0 keeps everything
    /// for good.</summary>
    [Range(0, 36_500)]
    public int RequestDays { get; set; } = 400;
}
