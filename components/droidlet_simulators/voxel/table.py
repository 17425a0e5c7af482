"""Minecraft's classic blocks by number: name, colour on top (and on the sides), and how they behave.

Behind a name: "n" bodies go through it, "t" light and sight go through it, "g" it falls, "l" it is a liquid,
"p" it is drawn as a small thing on the cell's floor, "f" as a flat one, "r" a block may be placed into it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, NamedTuple, Tuple

Rgb = Tuple[int, int, int]


class BlockKind(NamedTuple):
    """One block's facts."""

    id: int
    name: str
    top: Rgb
    side: Rgb
    solid: bool  # bodies do not go through it
    transparent: bool  # sight goes through it
    gravity: bool  # it falls when nothing is below
    liquid: bool
    shape: str  # "full", "small" or "flat": how it is drawn
    replaceable: bool  # a block may be placed into it

    @property
    def drawn(self) -> bool:
        """Whether pictures show it."""
        return self.name not in ("air", "barrier", "structure_void")


_ROWS = """
0 air 000000 ntr|1 stone 7d7d7d|2 grass 6aa84a/82703f|3 dirt 866043|4 cobblestone 7a7a7a|5 planks 9d804f
6 sapling 47661f ntp|7 bedrock 545454|8 flowing_water 2f5fd0 ntlr|9 water 2f5fd0 ntlr
10 flowing_lava d4661c nlr|11 lava d4661c nlr|12 sand dbd3a0 g|13 gravel 7f7c7b g|14 gold_ore 8f8b7c
15 iron_ore 88827e|16 coal_ore 737373|17 log 9a7d4d/665132|18 leaves 3c7a28|19 sponge b6b639
20 glass c0e0e8 t|21 lapis_ore 667086|22 lapis_block 26439a|23 dispenser 6c6c6c|24 sandstone dad29e
25 noteblock 64432f|26 bed 8e1616|27 golden_rail a08040 ntf|28 detector_rail 786050 ntf
29 sticky_piston 8d9263|30 web dcdcdc ntp|31 tallgrass 5c9a3c ntpr|32 deadbush 7b4f19 ntpr
33 piston 998159|34 piston_head 998159|35 wool dddddd|36 piston_extension 998159
37 yellow_flower f1f902 ntp|38 red_flower c81818 ntp|39 brown_mushroom 916d55 ntp
40 red_mushroom c32a2d ntp|41 gold_block f9ec4e|42 iron_block dbdbdb|43 double_stone_slab a8a8a8
44 stone_slab a8a8a8|45 brick_block 926356|46 tnt db441a|47 bookshelf 9d804f/6b5839
48 mossy_cobblestone 677967|49 obsidian 14121d|50 torch ffd966 ntp|51 fire e69a24 ntpr
52 mob_spawner 1a2730|53 oak_stairs 9d804f|54 chest a2762b|55 redstone_wire a00000 ntf
56 diamond_ore 818c8f|57 diamond_block 61dbd5|58 crafting_table 6b472b|59 wheat b5a642 ntp
60 farmland 5a3b22/866043|61 furnace 606060|62 lit_furnace 807060|63 standing_sign 9d804f ntp
64 wooden_door 866632|65 ladder 78603a ntp|66 rail 797068 ntf|67 stone_stairs 7a7a7a
68 wall_sign 9d804f ntp|69 lever 6a5f4b ntp|70 stone_pressure_plate 7d7d7d ntf|71 iron_door c4c4c4
72 wooden_pressure_plate 9d804f ntf|73 redstone_ore 846b6b|74 lit_redstone_ore 966b6b
75 unlit_redstone_torch 5e2e1e ntp|76 redstone_torch e02020 ntp|77 stone_button 7d7d7d ntp
78 snow_layer eefbfb ntfr|79 ice 7dadff t|80 snow eefbfb|81 cactus 0d6318|82 clay 9fa4b1
83 reeds 94c065 ntp|84 jukebox 6b4938|85 fence 9d804f|86 pumpkin c07615|87 netherrack 6f3634
88 soul_sand 554033|89 glowstone 907641|90 portal 57119b ntp|91 lit_pumpkin d08a25|92 cake e4cdce
93 unpowered_repeater a8a0a0 ntf|94 powered_repeater b8a0a0 ntf|95 stained_glass dddddd t
96 trapdoor 7e5d2d|97 monster_egg 7d7d7d|98 stonebrick 7a7a7a|99 brown_mushroom_block 8d6a53
100 red_mushroom_block b72525|101 iron_bars 6d6c6a t|102 glass_pane c0e0e8 t|103 melon_block 979924
104 pumpkin_stem 6a8f2a ntp|105 melon_stem 6a8f2a ntp|106 vine 2f6b1e ntpr|107 fence_gate 9d804f
108 brick_stairs 926356|109 stone_brick_stairs 7a7a7a|110 mycelium 6f6369/72584a|111 waterlily 0c5c15 ntf
112 nether_brick 2c161a|113 nether_brick_fence 2c161a|114 nether_brick_stairs 2c161a
115 nether_wart 6a0e1e ntp|116 enchanting_table 672121|117 brewing_stand 7a6651|118 cauldron 373737
119 end_portal 101020 ntf|120 end_portal_frame 5a7860|121 end_stone dddfa5|122 dragon_egg 0c090f g
123 redstone_lamp 462b1b|124 lit_redstone_lamp 775937|125 double_wooden_slab 9d804f
126 wooden_slab 9d804f|127 cocoa 91521f|128 sandstone_stairs dad29e|129 emerald_ore 6d8174
130 ender_chest 2a3a3c|131 tripwire_hook 7d7060 ntp|132 tripwire 9a9a9a ntf|133 emerald_block 51d975
134 spruce_stairs 684e2f|135 birch_stairs c3b37b|136 jungle_stairs 9a6e4d|137 command_block b18572
138 beacon 76ddd7|139 cobblestone_wall 7a7a7a|140 flower_pot 764133 ntp|141 carrots e3901f ntp
142 potatoes c8a24b ntp|143 wooden_button 9d804f ntp|144 skull c0c0c0 ntp|145 anvil 444444 g
146 trapped_chest a2762b|147 light_weighted_pressure_plate f9ec4e ntf
148 heavy_weighted_pressure_plate dbdbdb ntf|149 unpowered_comparator a8a0a0 ntf
150 powered_comparator b8a0a0 ntf|151 daylight_detector 837464|152 redstone_block ab1b09
153 quartz_ore 7d544f|154 hopper 3e3e3e|155 quartz_block ece9e2|156 quartz_stairs ece9e2
157 activator_rail 735045 ntf|158 dropper 6c6c6c|159 stained_hardened_clay d1b2a1
160 stained_glass_pane dddddd t|161 leaves2 3c7a28|162 log2 9a7d4d/665132|163 acacia_stairs a85a32
164 dark_oak_stairs 3d2812|165 slime 78c864|166 barrier 000000 t|167 iron_trapdoor c8c8c8
168 prismarine 639a8f|169 sea_lantern acc8be|170 hay_block a88b11|171 carpet dddddd ntf
172 hardened_clay 965d43|173 coal_block 131313|174 packed_ice a5c3f5|175 double_plant 5c9a3c ntpr
176 standing_banner dddddd ntp|177 wall_banner dddddd ntp|178 daylight_detector_inverted 656a74
179 red_sandstone a6551e|180 red_sandstone_stairs a6551e|181 double_stone_slab2 a6551e
182 stone_slab2 a6551e|183 spruce_fence_gate 684e2f|184 birch_fence_gate c3b37b
185 jungle_fence_gate 9a6e4d|186 dark_oak_fence_gate 3d2812|187 acacia_fence_gate a85a32
188 spruce_fence 684e2f|189 birch_fence c3b37b|190 jungle_fence 9a6e4d|191 dark_oak_fence 3d2812
192 acacia_fence a85a32|193 spruce_door 684e2f|194 birch_door c3b37b|195 jungle_door 9a6e4d
196 acacia_door a85a32|197 dark_oak_door 3d2812|198 end_rod e8dcd0 ntp|199 chorus_plant 5e3a5e
200 chorus_flower 856685|201 purpur_block a67aa6|202 purpur_pillar ab7fab|203 purpur_stairs a67aa6
204 purpur_double_slab a67aa6|205 purpur_slab a67aa6|206 end_bricks e1e6aa|207 beetroots b03030 ntp
208 grass_path 95783f|209 end_gateway 101020 ntp|210 repeating_command_block 7d6bab
211 chain_command_block 8ba89a|212 frosted_ice 7dadff t|213 magma 8e3f1f|214 nether_wart_block 750706
215 red_nether_brick 440407|216 bone_block ccc8ab|217 structure_void 000000 ntr|218 observer 626262
219 white_shulker_box d8dedf|220 orange_shulker_box eb6a0b|221 magenta_shulker_box ae3aa2
222 light_blue_shulker_box 32a4d5|223 yellow_shulker_box f9bd1e|224 lime_shulker_box 64ad17
225 pink_shulker_box e77b9e|226 gray_shulker_box 373b3f|227 silver_shulker_box 7d7d74
228 cyan_shulker_box 147a88|229 purple_shulker_box 8b618b|230 blue_shulker_box 2c2e8d
231 brown_shulker_box 6a4224|232 green_shulker_box 4f6520|233 red_shulker_box 8c1f1e
234 black_shulker_box 19191e|235 white_glazed_terracotta bcd5d1|236 orange_glazed_terracotta 9b935c
237 magenta_glazed_terracotta d064c0|238 light_blue_glazed_terracotta 5fa5d1
239 yellow_glazed_terracotta eac059|240 lime_glazed_terracotta a3c637|241 pink_glazed_terracotta eb9bb6
242 gray_glazed_terracotta 535a5e|243 silver_glazed_terracotta 90a6a8|244 cyan_glazed_terracotta 34767d
245 purple_glazed_terracotta 6e3098|246 blue_glazed_terracotta 2f4190|247 brown_glazed_terracotta 786b56
248 green_glazed_terracotta 758e43|249 red_glazed_terracotta b63c35|250 black_glazed_terracotta 441e20
251 concrete cfd5d6|252 concrete_powder e2e3e4 g|255 structure_block 594a5a
"""


def _rgb(text: str) -> Rgb:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _kind(row: str) -> BlockKind:
    number, name, colours, flags = (*row.split(), "")[:4]
    top, _, side = colours.partition("/")
    shape = "small" if "p" in flags else "flat" if "f" in flags else "full"
    return BlockKind(
        int(number),
        name,
        _rgb(top),
        _rgb(side or top),
        "n" not in flags,
        "t" in flags,
        "g" in flags,
        "l" in flags,
        shape,
        "r" in flags,
    )


BLOCKS: Mapping[int, BlockKind] = MappingProxyType(
    {kind.id: kind for line in _ROWS.split("\n") for row in line.split("|") if row for kind in (_kind(row),)}
)
"""Every block by its number."""

DYES: Tuple[Tuple[str, Rgb], ...] = (
    ("white", (221, 221, 221)),
    ("orange", (219, 125, 62)),
    ("magenta", (179, 80, 188)),
    ("light_blue", (107, 138, 201)),
    ("yellow", (221, 202, 48)),
    ("lime", (65, 174, 56)),
    ("pink", (222, 142, 166)),
    ("gray", (64, 64, 64)),
    ("silver", (154, 161, 161)),
    ("cyan", (46, 110, 137)),
    ("purple", (126, 61, 181)),
    ("blue", (46, 56, 141)),
    ("brown", (79, 50, 31)),
    ("green", (53, 90, 27)),
    ("red", (178, 42, 38)),
    ("black", (25, 22, 22)),
)
"""The sixteen variants of a dyed block, by meta."""

DYED = (35, 95, 159, 160, 171, 251, 252)
"""Blocks whose meta is a dye."""

WOODS: Tuple[Tuple[str, Rgb], ...] = (
    ("oak", (157, 128, 79)),
    ("spruce", (104, 78, 47)),
    ("birch", (195, 179, 123)),
    ("jungle", (154, 110, 77)),
    ("acacia", (168, 90, 50)),
    ("dark_oak", (61, 40, 18)),
)
"""The variants of planks and wooden slabs, by meta."""

WOODEN = (5, 125, 126)
"""Blocks whose meta is a wood."""

STONES: Tuple[Tuple[str, Rgb], ...] = (
    ("stone", (125, 125, 125)),
    ("granite", (153, 113, 98)),
    ("polished_granite", (159, 114, 98)),
    ("diorite", (179, 179, 182)),
    ("polished_diorite", (183, 183, 185)),
    ("andesite", (130, 131, 131)),
    ("polished_andesite", (133, 133, 134)),
)
"""The variants of stone (1), by meta."""

ITEMS: Mapping[int, str] = MappingProxyType(
    {
        260: "apple", 262: "arrow", 263: "coal", 264: "diamond", 265: "iron_ingot", 266: "gold_ingot",
        280: "stick", 281: "bowl", 287: "string", 288: "feather", 289: "gunpowder", 295: "wheat_seeds",
        296: "wheat", 297: "bread", 318: "flint", 319: "porkchop", 331: "redstone", 332: "snowball",
        334: "leather", 336: "brick", 337: "clay_ball", 338: "sugar_cane", 339: "paper", 340: "book",
        341: "slimeball", 344: "egg", 348: "glowstone_dust", 352: "bone", 353: "sugar", 363: "beef",
        365: "chicken", 383: "spawn_egg", 388: "emerald", 405: "netherbrick", 406: "quartz", 423: "mutton",
    }
)  # fmt: skip
"""Items that are no blocks, by number; a spawn egg's meta says what is in it."""

BARRIER = 166
"""What the world's edge acts like: solid, and never seen."""
SPAWN_EGG = 383
MOST_METAS = 4096
"""Items' metas are below this, blocks' below 16."""


def known(ident: int, meta: int) -> bool:
    """Whether there is such a kind of block or item; air is none."""
    if ident in BLOCKS:
        return ident != 0 and 0 <= meta < 16
    return ident in ITEMS and 0 <= meta < MOST_METAS


def name_of(ident: int, meta: int = 0) -> str:
    """What a kind of block or item is called, as in "red wool"."""
    if ident in BLOCKS:
        for metas, kinds in ((DYES, DYED), (WOODS, WOODEN), (STONES, (1,))):
            if ident in kinds and 0 <= meta < len(metas):
                return metas[meta][0] if ident == 1 else f"{metas[meta][0]} {BLOCKS[ident].name}"
        return BLOCKS[ident].name
    return ITEMS.get(ident, "unknown")


def ids_named(name: str) -> Tuple[int, ...]:
    """The numbers of the blocks and items of a name, as in "wool"."""
    blocks = tuple(ident for ident, kind in BLOCKS.items() if kind.name == name)
    return blocks + tuple(ident for ident, item in ITEMS.items() if item == name)
