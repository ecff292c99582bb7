namespace Lava.Service.Pages;

/// <summary>Style sheets and scripts of our pages, which are files beside the code that writes the pages.</summary>
internal static class EmbeddedFile
{
    /// <summary>Reads a file of this assembly. Callers keep its text.</summary>
    /// <param name="path">Its path from the project's folder.</param>
    /// <exception cref="FileNotFoundException">There is none of this name.</exception>
    public static string Read(string path)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(path) ?? throw new FileNotFoundException("No such embedded file.", path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
