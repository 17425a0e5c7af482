"""Level 0, the closed classes: determiners, pronouns, relations, colours, sizes, units."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "determiner": by_meaning(
        {
            "the": "the",
            "a": "a",
            "an": "an",
            "some": "some",
            "any": "any, one of the, any of the, either of the, either",
            "my": "my",
            "your": "your",
            "his": "his",
            "her": "her",
            "our": "our",
            "their": "their",
            "its": "its",
            "each": "each",
            "whichever": "whichever",
            "every": "every",
            "no": "no",
            "other": "another, the other, the next, the next other, other, the different, a different",
            "that": "that, this, those, these, said, such, that there, this here, the same",
            "all": """
                all, all the, all of the, all of, every one of the, all your, all those, all these, both, both the,
                each of the, each of, every one of, each one of the, every single, each and every, all of these, all
                of those, both of the, both of
            """,
        }
    ),
    "pronoun": by_meaning(
        {
            "it": """
                it, that, this, that one, this one, them, those, these, itself, that thing, this thing, the
                same one, same one, the same thing, the same, there, over there, that place, that spot, that
                position, that point
            """,
            "speaker": """
                me, i, us, we, myself, my position, my place, my side, where i am, where i stand, where i am
                standing, here, my location, where i sit, where i am sitting, this place
            """,
            "look": """
                where i am looking, where i look, what i am looking at, where i am pointing, what i am
                pointing at, where i point, the thing i am looking at, the thing i am pointing at, my point
                of view
            """,
            "agent": "you, yourself, your position, where you are, your place",
            "other": """
                the other, the other one, another one, other one, a different one, the other thing
            """,
        }
    ),
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
    "ordinal": by_meaning(
        {
            "1": "first, 1st",
            "2": "second, 2nd",
            "3": "third, 3rd",
            "4": "fourth, 4th",
            "5": "fifth, 5th",
            "6": "sixth, 6th",
            "7": "seventh, 7th",
            "8": "eighth, 8th",
            "9": "ninth, 9th",
            "10": "tenth, 10th",
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
    "mine": by_meaning(
        {
            "LEFT": """
                to my left, on my left, at my left, my left, to my left side, on my left side, my left side, on my
                left hand side, to my left hand side, at my left side, by my left side
            """,
            "RIGHT": """
                to my right, on my right, at my right, my right, to my right side, on my right side, my right side,
                on my right hand side, to my right hand side, at my right side, by my right side
            """,
        }
    ),
    "remote": each(
        """
            far, far away, near, close, nearby, close by, far from you, far away from you, far from here, far away
            from here, near here, close to here, far off, distant
        """
    ),
    "relation": by_meaning(
        {
            "LEFT": """
                left of, on the left of, to the left of, left from, on the left side of, on the left hand
                side of, at the left of, the left of, the left side of, at the left side of, to the left
                side of, to the left hand side of, left hand of, left next to
            """,
            "RIGHT": """
                right of, on the right of, to the right of, right from, on the right side of, on the right hand side
                of, at the right of, the right of, the right side of, at the right side of, to the right side of
            """,
            "FRONT": """
                in front of, before, ahead of, the front of, at the front of, on front of, infront of, to
                the front of, opposite, opposite of, facing, straight ahead of, on this side of, this side
                of
            """,
            "BACK": """
                behind, in back of, at the back of, to the back of, the back of, beyond, after, past, on the
                other side of, the other side of, the far side of, on the far side of
            """,
            "NEAR": """
                next to, near, near to, beside, by, close to, alongside, adjacent to, nearby, close by, at
                the side of, by the side of, the side of, right by, right next to, right beside, just by,
                against, touching, with, in the vicinity of, within reach of, together with, somewhere near,
                nearer to, closer to, standing next to, standing by, standing near, along, around the corner
                of, at the foot of
            """,
            "BETWEEN": """
                between, in between, in the middle of, halfway between, half way between, in the middle
                between, midway between, amid, among, amongst
            """,
            "UP": """
                on, on top of, above, over, upon, atop, on the top of, lying on, standing on, sitting on
            """,
            "DOWN": "under, below, beneath, underneath, at the bottom of",
            "INSIDE": "in, inside, within, inside of, into",
            "OUTSIDE": "outside, outside of, out of",
            "AROUND": "around, round, all around",
            "AWAY": "away from, far from, far away from, farther from, further from",
        }
    ),
    "direction": by_meaning(
        {
            "FRONT": """
                forward, forwards, ahead, straight, straight ahead, straight on, straight forward, onward,
                onwards, front, straight forwards, directly ahead, dead ahead, to the front, ahead of you,
                in front of you, your front
            """,
            "BACK": """
                back, backward, backwards, in reverse, to the back, rearward, rearwards, straight back, to
                the rear, behind you
            """,
            "LEFT": """
                left, leftward, leftwards, to the left, to your left, on the left, on your left, to the left side,
                to your left side, left side, the left, your left, sideways to the left, to the left hand side, port
            """,
            "RIGHT": """
                right, rightward, rightwards, to the right, to your right, on the right, on your right, to the right
                side, to your right side, right side, the right, your right, sideways to the right, starboard
            """,
            "UP": "up, upward, upwards, upstairs",
            "DOWN": "down, downward, downwards, downstairs",
        }
    ),
    "side": by_meaning(
        {
            "LEFT": """
                left, to the left, to your left, leftward, leftwards, counterclockwise, counter clockwise,
                anticlockwise, anti clockwise, to the left side, to your left side, on the left, your left,
                to left, ccw, on your left, in the counterclockwise direction, in the anticlockwise
                direction, the left, to my left, left side
            """,
            "RIGHT": """
                right, to the right, to your right, rightward, rightwards, clockwise, to the right side, to
                your right side, on the right, your right, to right, cw, in the clockwise direction, the
                right, to my right, right side, on your right
            """,
        }
    ),
    "length": by_meaning(
        {
            "1.0": """
                m, metre, metres, meter, meters, mtr, mtrs, block, blocks, unit, units, tile, tiles, square,
                squares
            """,
            "0.01": "cm, centimetre, centimetres, centimeter, centimeters, cms",
            "0.001": "mm, millimetre, millimetres, millimeter, millimeters",
            "1000.0": "km, kilometre, kilometres, kilometer, kilometers",
            "0.3048": "ft, foot, feet",
            "0.0254": "inch, inches",
            "0.9144": "yard, yards, yd, yds",
            "0.5": "step, steps, pace, paces, stride, strides",
        }
    ),
    "angle": by_meaning(
        {
            "0.017453292519943295": "degree, degrees, deg, degs",
            "1.0": "radian, radians, rad, rads",
        }
    ),
    "fraction": by_meaning(
        {
            "1.5707963267948966": """
                quarter, quarter turn, quarter of a turn, quarter circle, quarter rotation, one quarter
                turn, quarter of a circle, quarter of the way, quarter of the way around, right angle
            """,
            "3.141592653589793": """
                half turn, half of a turn, half circle, half a turn, half a circle, half rotation, u turn, uturn,
                about turn, half, half way around, halfway, halfway around, half a rotation, half way, semicircle,
                180, about face, one eighty, a one eighty, one hundred eighty, one hundred and eighty
            """,
            "4.71238898038469": """
                three quarter turn, three quarters, three quarter, three quarters of a turn, three quarter
                circle
            """,
            "6.283185307179586": """
                full turn, full circle, complete turn, whole turn, one turn, full rotation, complete circle, 360,
                circle, complete rotation, full spin, all the way around, all the way round, once around, pirouette,
                in a circle, in circles, on the spot, in place, full 360, one full turn, one full circle, one full
                rotation, one complete turn, one complete circle, one rotation, one revolution, revolution, three
                sixty, a three sixty, three hundred sixty, three hundred and sixty
            """,
        }
    ),
    "compass": each(
        """
            north, south, east, west, northeast, northwest, southeast, southwest, northward, northwards,
            southward, southwards, eastward, eastwards, westward, westwards
        """
    ),
    "anything": by_meaning(
        {
            "one": """
                thing, object, item, one, something, anything, stuff, entity, piece, whatever, whatever is,
                whichever is, whatever thing is, whichever thing is, anywhere, somewhere
            """,
            "all": "things, objects, items, ones, everything, entities, pieces, all things",
        }
    ),
    "grammar": each(
        """
            else, through, across, via, what, which, who, whom, where, when, why, how, is, are, am, was,
            were, be, been, do, does, did, has, have, had, can, could, will, would, not, if, whether, there,
            many, much, number, of, to, at, by, for, from, with, about, than, as, until, while, unless,
            because, seen, see, saw, look, noticed, notice, colour, color, called, mean, between, coloured,
            size, tall, name, know, tell, me, times, more, that, whose, last, it, coordinates, position,
            point, x, y, z, minus, negative, half, third, quarter, hundred, thousand, zero, one, two, three,
            four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen,
            seventeen, eighteen, nineteen, twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety,
            couple, few, dozen, bit, little, slightly, lot, other, count, list, describe, show, distance,
            second, seconds, minute, minutes, hour, hours, day, days, like, time, once, twice, thrice, pi,
            million, billion, trillion
        """
    ),
}
