using System.Text;

namespace Lava.Core.Formats.Answers;

/// <summary>The members of a JSON document that a <see cref="JsonScanner"/> looks for. A path names members from the root, joined by dots
/// (<c>response.usage</c>); arrays on the way are looked through, a root array too. A path that ends in <c>[]</c> counts the objects of an array; any other
/// captures the value, and where it ends in a star all values that come, one after the other. A path's slot is its position in the list. A captured member has
/// no members of interest of its own.</summary>
internal sealed class JsonShape
{
    private readonly List<Node> _nodes = [new Node([], -1)];
    private readonly uint _gathering;

    public JsonShape(params string[] paths)
    {
        Slots = paths.Length;
        for (var slot = 0; slot < paths.Length; slot++)
        {
            var counts = paths[slot].EndsWith("[]", StringComparison.Ordinal);
            var node = 0;
            var gathers = paths[slot].EndsWith('*');
            var path = counts ? paths[slot][..^2] : gathers ? paths[slot][..^1] : paths[slot];
            foreach (var name in path.Split('.')) node = Child(node, Encoding.UTF8.GetBytes(name));
            if (counts) _nodes[node].CountSlot = slot;
            else _nodes[node].ValueSlot = slot;
            if (gathers) _gathering |= 1u << slot;
        }
    }

    /// <summary>Whether all values of a slot are kept and not the last one alone.</summary>
    public bool Gathers(int slot) => (_gathering & (1u << slot)) != 0;

    /// <summary>How many paths there are.</summary>
    public int Slots { get; }

    /// <summary>The node of a member, or -1 where nothing below it is of interest.</summary>
    public int Find(int parent, ReadOnlySpan<byte> name)
    {
        for (var i = 1; i < _nodes.Count; i++)
        {
            if (_nodes[i].Parent == parent && name.SequenceEqual(_nodes[i].Name)) return i;
        }

        return -1;
    }

    public bool HasChildren(int node) => _nodes[node].HasChildren;

    public int ValueSlot(int node) => _nodes[node].ValueSlot;

    public int CountSlot(int node) => _nodes[node].CountSlot;

    private int Child(int parent, byte[] name)
    {
        var found = Find(parent, name);
        if (found >= 0) return found;
        _nodes[parent].HasChildren = true;
        _nodes.Add(new Node(name, parent));
        return _nodes.Count - 1;
    }

    private sealed class Node(byte[] name, int parent)
    {
        public byte[] Name { get; } = name;

        public int Parent { get; } = parent;

        public int ValueSlot { get; set; } = -1;

        public int CountSlot { get; set; } = -1;

        public bool HasChildren { get; set; }
    }
}
