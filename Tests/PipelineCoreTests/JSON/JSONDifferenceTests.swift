import PipelineCore
import Testing

struct JSONDifferenceTests {
    private func places(_ first: JSON, _ second: JSON) -> [String] {
        first.differences(from: second).map { difference in difference.pointer }
    }

    @Test func `equal values differ nowhere`() {
        let value: JSON = ["a": [1, ["b": .null]], "c": "é"]
        #expect(value.differences(from: value) == [])
    }

    @Test func `each place is named as deep as it can be told`() {
        let first: JSON = ["a": [1, 2, ["b": true]], "gone": 1, "kind": [1]]
        let second: JSON = ["a": [1, 3, ["b": false], "new"], "kind": ["0": 1], "more": .null]
        #expect(places(first, second) == ["/a/1", "/a/2/b", "/a/3", "/gone", "/kind", "/more"])
        let found = first.differences(from: second)
        #expect(found[0].first == .some(2) && found[0].second == .some(3))
        #expect(found[2].first == Optional<JSON>.none && found[2].second == .some("new"))
        #expect(found[3].second == Optional<JSON>.none)
        #expect(found[5].first == Optional<JSON>.none && found[5].second == .some(.null))
    }

    @Test func `a place may have any name`() {
        #expect(places(["a/b~c": 1, "": ["": 1]], ["a/b~c": 2, "": ["": 2]]) == ["//", "/a~1b~0c"])
        #expect(places(1, "1") == [""])
        #expect(places(["e\u{301}": 1], ["é": 1]) == ["/e\u{301}", "/é"], "names compare by their bytes")
    }
}
