"""Level 0, the closed classes: determiners, pronouns, ordinals, nouns that leave the kind open, words of the rules."""

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
