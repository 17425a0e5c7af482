"""Level 0, what things are like: colours, sizes, the most and the more of them."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "superlative": by_meaning(
        {
            "MIN AWAY": """
                nearest, closest, most nearby, next closest, next nearest, most near, nearest by, closest by
            """,
            "MAX AWAY": """
                farthest, furthest, most distant, remotest, most far away, most remote, farest, farthest away,
                furthest away, farthest off, furthest off
            """,
            "MAX SIZE": "biggest, largest, hugest, greatest, bigger, larger, most big",
            "MIN SIZE": "smallest, littlest, tiniest, smaller, tinier, most tiny",
            "MAX HEIGHT": "tallest, highest, taller, higher",
            "MIN HEIGHT": "shortest, lowest, shorter, lower",
            "MAX WIDTH": "widest, broadest, wider, longest, longer",
            "MIN WIDTH": "narrowest, thinnest, narrower, thinner, slimmest",
            "MAX LEFT": "leftmost, most left",
            "MAX RIGHT": "rightmost, most right",
            "MAX BORN_TIME": "latest, newest, most recent, last",
            "MIN BORN_TIME": "oldest",
        }
    ),
    "size": by_meaning(
        {
            "big": "big, large, huge, giant, enormous, massive, gigantic, great",
            "small": "small, little, tiny, mini, miniature, teeny, wee",
            "tall": "tall, high",
            "short": "short, low",
            "wide": "wide, broad, long",
            "narrow": "narrow, thin, slim",
            "MIN AWAY": "near, nearby, close",
            "MAX AWAY": "far, distant, far away, faraway, remote",
        }
    ),
    "colour": by_meaning(
        {
            "red": """
                red, crimson, scarlet, ruby, maroon, reddish, cherry, vermilion, burgundy, dark red, bright
                red, light red
            """,
            "green": """
                green, lime, emerald, olive, greenish, mint, jade, dark green, light green, bright green
            """,
            "blue": """
                blue, navy, azure, bluish, cobalt, indigo, navy blue, dark blue, light blue, royal blue,
                sapphire, bright blue
            """,
            "yellow": "yellow, golden, gold, yellowish, lemon, mustard, bright yellow",
            "orange": "orange, tangerine, orangish, amber",
            "purple": "purple, violet, lilac, lavender, mauve, purplish, plum",
            "pink": "pink, rose, magenta, fuchsia, pinkish, rosy, salmon, hot pink",
            "cyan": "cyan, turquoise, teal, aqua, aquamarine",
            "white": "white, ivory, snow white, whitish, cream",
            "grey": """
                grey, gray, silver, greyish, grayish, light grey, light gray, dark grey, dark gray, charcoal
            """,
            "black": "black, ebony, jet black, blackish",
            "brown": """
                brown, brownish, chestnut, chocolate, tan, beige, wooden, dark brown, light brown
            """,
        }
    ),
    "comparative": by_meaning(
        {
            "SIZE GREATER_THAN": "bigger, larger, greater, huger, more big",
            "SIZE LESS_THAN": "smaller, littler, tinier, less big",
            "SIZE GREATER_THAN_EQUAL": "as big as, as large as, the same size as, of the same size as, as small as",
            "HEIGHT GREATER_THAN": "taller, higher, less short",
            "HEIGHT LESS_THAN": "shorter, lower, less tall, less high",
            "HEIGHT GREATER_THAN_EQUAL": "as tall as, as high as, the same height as",
            "WIDTH GREATER_THAN": "wider, broader, longer, thicker",
            "WIDTH LESS_THAN": "narrower, thinner, slimmer, less wide, less long",
            "WIDTH GREATER_THAN_EQUAL": "as wide as, as long as, as broad as, the same width as",
            "AWAY GREATER_THAN": """
                farther, further, farther away, further away, more distant, farther off, further off, less near
            """,
            "AWAY LESS_THAN": "nearer, closer, more near, nearer to you, closer to you, less far, less far away",
            "AWAY GREATER_THAN_EQUAL": "as far as, as far away as",
        }
    ),
    "remote": each(
        """
            far, far away, near, close, nearby, close by, far from you, far away from you, far from here, far away
            from here, near here, close to here, far off, distant
        """
    ),
}
