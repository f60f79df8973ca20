"""The parts that screens are made of: all painted from tokens, all with a name for screen readers.

| part | module |
| --- | --- |
| `Label`, `Heading`, `ElidedLabel` | `text` |
| `Button`, `IconButton` | `buttons` |
| `CheckBox`, `Toggle` | `checks` |
| `Segmented` (one of a few), `Tabs` | `segmented` |
| `Chip`, `SuggestionChip`, `TokenField` | `chips` |
| `Badge`, `LevelBars`, `KeyCaps` | `marks` |
| `Field`, `LineEdit`, `TextArea`, `ComboBox`, `SearchField` | `fields` |
| `Slider`, `Progress` | `measures` |
| `Card`, `Panel`, `Foot`, `FlowLayout`, `scrolled`, `rule` | `boxes` |
| `InlineMessage`, `EmptyState` | `message` |
| painting for delegates and own widgets | `paint` |
"""
