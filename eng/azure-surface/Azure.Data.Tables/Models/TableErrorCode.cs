namespace Azure.Data.Tables.Models;

public readonly struct TableErrorCode(string value)
{
    private readonly string _value = value;

    public static TableErrorCode EntityAlreadyExists { get; } = new("EntityAlreadyExists");

    public static TableErrorCode TableNotFound { get; } = new("TableNotFound");

    public override string ToString() => _value;
}
