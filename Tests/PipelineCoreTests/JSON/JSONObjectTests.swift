import PipelineCore
import PipelineTesting
import Testing

struct JSONObjectTests {
    @Test func `members are found, set and removed by key`() {
        var object: JSON.Object = ["b": 2, "a": 1]
        #expect(object["a"] == 1)
        #expect(object["c"] == nil)
        object["c"] = 3
        object["a"] = nil
        object["b"] = "two"
        object["missing"] = nil
        #expect(object == ["b": "two", "c": 3])
        #expect(object.count == 2)
    }

    @Test func `null is a value and nil is none`() {
        var object: JSON.Object = [:]
        object["a"] = .null
        #expect(object["a"] == JSON.null)
        object["a"] = nil
        #expect(object.isEmpty)
    }

    @Test func `of two members with one key the later counts`() {
        let object: JSON.Object = ["b": 1, "a": 1, "b": 2, "a": 2, "b": 3]
        #expect(object == ["a": 2, "b": 3])
        let value: JSON = ["b": 1, "a": 1, "b": 2]
        #expect(value == ["a": 1, "b": 2])
    }

    @Test func `members come in the order of their keys`() {
        let object: JSON.Object = ["\u{FB33}": 1, "z": 2, "\u{1F600}": 3, "": 4]
        #expect(object.map(\.key.text) == ["", "z", "\u{1F600}", "\u{FB33}"])
        #expect(object.first?.value == 4)
        #expect(object[object.endIndex - 1].value == 1)
    }

    @Test func `objects agree with a dictionary through random changes`() {
        var generator = SeededGenerator(seed: 5)
        var object = JSON.Object()
        var dictionary: [Key: JSON] = [:]
        for _ in 0..<5_000 {
            let key = String(generator.next() % 200, radix: 3)
            let value: JSON? =
                Int.random(in: 0..<3, using: &generator) == 0 ? nil : .integer(Int64(generator.next() % 9))
            object[key] = value
            dictionary[Key(key)] = value
            #expect(object[key] == value)
            #expect(object.count == dictionary.count)
        }
        let members = dictionary.map { JSON.Object.Member(key: $0.key, value: $0.value) }
        #expect(JSON.Object(members: members) == object)
        #expect(object.map(\.key) == dictionary.keys.sorted())
    }

    @Test func `values are read by their kind`() {
        let value: JSON = ["text": "t", "number": 7, "flag": true, "list": [1.5], "none": nil]
        #expect(value["text"]?.stringValue == "t")
        #expect(value["number"]?.integerValue == 7)
        #expect(value["number"]?.doubleValue == 7)
        #expect(value["flag"]?.boolValue == true)
        #expect(value["list"]?.arrayValue?.first?.doubleValue == 1.5)
        #expect(value["list"]?.arrayValue?.first?.integerValue == nil)
        #expect(value["none"] == JSON.null)
        #expect(value["other"] == nil)
        #expect(JSON.null["text"] == nil)
        #expect(value.objectValue?.count == 5)
        #expect(value.stringValue == nil && value.arrayValue == nil && value.boolValue == nil)
        #expect(value.integerValue == nil && value.doubleValue == nil && JSON.null.objectValue == nil)
    }

    @Test func `strings that look alike but differ in bytes are two values`() {
        let (composed, decomposed): (JSON, JSON) = ("\u{E9}", "e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(JSON.array([composed]) != .array([decomposed]))
        #expect(JSON.Object(dictionaryLiteral: ("\u{E9}", 1)) != ["e\u{301}": 1])
    }

    @Test func `values of different kinds differ`() {
        let values: [JSON] = [nil, false, 0, 0.5, "", "0", [], [:], [nil], ["": nil], [0], true, 1]
        #expect(Set(values).count == values.count)
        for (index, value) in values.enumerated() {
            for (other, right) in values.enumerated() {
                #expect((value == right) == (index == other))
            }
        }
    }

    @Test func `literals have the one form of their number`() {
        #expect(JSON.integer(1) == 1.0)
        #expect(JSON.integer(0) == -0.0)
        #expect((1e21 as JSON).description == "1e+21")
    }
}
