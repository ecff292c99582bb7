namespace Lava.Core.Pricing;

/// <summary>Adds up the lines of a call's cost.</summary>
/// <param name="lines">Takes the lines; null where only their sum is wanted.</param>
internal struct CostSheet(List<CostLine>? lines)
{
    private readonly List<CostLine>? _lines = lines;
    private decimal _input;
    private decimal _output;
    private decimal _other;

    public readonly IReadOnlyList<CostLine> Lines => _lines ?? [];

    public readonly CostBreakdown Cost => new(_input, _output, _other);

    public void Input(string item, decimal quantity, decimal price, decimal per) => _input += Add(item, quantity, price, per);

    public void Output(string item, decimal quantity, decimal price, decimal per) => _output += Add(item, quantity, price, per);

    public void Other(string item, decimal quantity, decimal price, decimal per) => _other += Add(item, quantity, price, per);

    private readonly decimal Add(string item, decimal quantity, decimal price, decimal per)
    {
        if (quantity <= 0) return 0;
        var line = new CostLine(item, quantity, price, per);
        _lines?.Add(line);
        return line.Amount;
    }
}
