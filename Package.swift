// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "swift-pipeline",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "PipelineCore", targets: ["PipelineCore"]),
        .library(name: "PipelineRuntime", targets: ["PipelineRuntime"]),
        .library(name: "PipelineRunners", targets: ["PipelineRunners"]),
        .library(name: "PipelineTesting", targets: ["PipelineTesting"]),
        .library(name: "PipelineSQLite", targets: ["PipelineSQLite"]),
        .executable(name: "pipeline", targets: ["PipelineCommand"]),
    ],
    traits: [
        .trait(name: "SQLite", description: "A journal in an SQLite database; needs the system's SQLite."),
        .default(enabledTraits: []),
    ],
    targets: [
        .target(name: "PipelineCore", swiftSettings: settings),
        .target(name: "CPipelineSystem"),
        .target(
            name: "PipelineRuntime", dependencies: ["PipelineCore", "CPipelineSystem"],
            swiftSettings: settings),
        .target(
            name: "PipelineRunners", dependencies: ["PipelineRuntime", "CPipelineSystem"],
            swiftSettings: settings),
        .target(name: "PipelineTesting", dependencies: ["PipelineRuntime"], swiftSettings: settings),
        .systemLibrary(
            name: "CPipelineSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        // Empty without the trait.
        .target(
            name: "PipelineSQLite",
            dependencies: [
                "PipelineRuntime", .target(name: "CPipelineSQLite", condition: .when(traits: ["SQLite"])),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "PipelineCommand", dependencies: ["PipelineRunners", "PipelineTesting", "CPipelineSystem"],
            swiftSettings: settings),
        .testTarget(name: "PipelineCoreTests", dependencies: ["PipelineTesting"], swiftSettings: settings),
        .testTarget(
            name: "PipelineRuntimeTests",
            dependencies: [
                "PipelineRunners", "PipelineTesting", "PipelineSQLite", "CPipelineSystem",
                .target(name: "CPipelineSQLite", condition: .when(traits: ["SQLite"])),
            ],
            exclude: ["Golden"], swiftSettings: settings),
        .testTarget(
            name: "PipelineRunnersTests",
            dependencies: ["PipelineRunners", "PipelineTesting", "CPipelineSystem"],
            swiftSettings: settings),
        .testTarget(
            name: "ReadmeTests", dependencies: ["PipelineTesting"], exclude: ["failed-tool.jsonl"],
            swiftSettings: settings),
        // Kills itself, and shows that nothing is lost: a program, since only a real process can be killed.
        .executableTarget(
            name: "CrashMatrix",
            dependencies: ["PipelineRunners", "PipelineTesting", "PipelineSQLite"],
            path: "Tests/CrashMatrix", swiftSettings: settings),
        // Work of a chosen size, whose instructions `.ci/growth` counts.
        .executableTarget(
            name: "Growth", dependencies: ["PipelineRuntime"], path: "Tests/Growth", swiftSettings: settings),
        .target(name: "CTerminal", path: "Tests/CTerminal"),
        .testTarget(
            name: "PipelineCommandTests",
            dependencies: [
                "PipelineCommand", "PipelineRunners", "PipelineTesting", "CPipelineSystem", "CTerminal",
                "CrashMatrix",
            ],
            swiftSettings: settings),
    ]
)
