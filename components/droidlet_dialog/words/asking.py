"""Level 0, how people ask: question words and what stands around them."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "see": by_meaning(
        {
            "now": """
                do you see, can you see, you see, you can see, are you seeing, could you see, do you notice, can you
                spot, is visible, are visible, can be seen, do you detect, can you recognise, can you detect, do you
                currently see, are you looking at, you are seeing, do you perceive, did you just see, do you
                recognise, is in view, are in view, is there to see, you are looking at, do not you see, can not you
                see
            """,
            "ever": """
                have you seen, did you see, you have seen, you saw, have you found, did you find, do you know of, do
                you know, do you remember, have you noticed, have you come across, have you detected, you know, you
                know of, you remember, you found, you have found, have you spotted, did you notice, have you ever
                seen, have you observed, did you spot, did you discover, have you discovered, did you come across,
                have you got, do you have, are you aware of, you know about, do you know about, you have noticed,
                have you encountered, have you already seen, are there, is there, there are, there is, exist,
                exists, were there, was there, we have, do we have, do i have, stand here, are left, have not you
                seen, did not you see, have not we, is not there, are not there, were not there, could there be
            """,
        }
    ),
    "tell": each(
        """
            tell me, do you know, can you tell me, could you tell me, say, i want to know, i would like to
            know, please tell me, explain, let me know, i wonder, i am wondering, do you remember, remind
            me, answer me, check, see, tell us, can you say, could you say, would you tell me, will you tell
            me, find out, have you any idea, do you have any idea, any idea, report, describe, inform me,
            work out, do you happen to know, can you describe, could you describe, can you please tell me,
            figure out, show me, give me, can you check, could you check, can you find out, tell
        """
    ),
    "count": each(
        """
            how many, count, count the, what number of, what is the number of, the number of, how much,
            number of, what is the count of, count all, count up
        """
    ),
    "locate": each(
        """
            where, which way, whereabouts, in which room, in which direction, what is the location of, what
            is the position of, the location of, the position of, show me where, in what direction
        """
    ),
    "sought": each(
        """
            can i find, do i find, did you see, have you seen, did you last see, did you find, would i find,
            could i find, do you see, did i leave, did i put, can you see, have you found, might, can, could,
            should i look for, would i look for, can i look for, could i look for, should i find, may i find, to
            find, to look for, could i see, can i see, do i look for, do i see, did you spot, did i lose, might
            i find, would you look for
        """
    ),
    "tint": each(
        """
            what colour, which colour, what colours, which colours, what is the colour of, the colour of,
            what are the colours of, what is the colours of, tell me the colour of, colour of, what kind of
            colour
        """
    ),
    "recall": each(
        """
            when did you last see, when did you see, when have you seen, when was the last time you saw, how
            long ago did you see, when did you find, when have you last seen, when did you notice, how long
            ago was
        """
    ),
    "inquire": by_meaning(
        {
            "which": """
                what kind of, what kinds of, what sort of, what type of, what types of, which of, which
            """,
            "what": """
                what, what all
            """,
            "who": """
                who
            """,
            "list": """
                list, name, enumerate, describe, show me a list of, give me a list of, list me, name me,
                tell me all, tell me about all
            """,
        }
    ),
    "measure": by_meaning(
        {
            "HEIGHT": """
                what is the height of, the height of, what height is, what height has, what height are, how
                tall, how high, how deep
            """,
            "WIDTH": """
                what is the width of, the width of, what width is, what width has, what width are, what is
                the length of, the length of, what length is, what length has, what length are, how wide,
                how broad, how long, how thick
            """,
            "AWAY": """
                what is the distance of, the distance of, what distance is, what distance has, what distance are,
                what is the distance to, the distance to, what is the distance from here to, what is the distance
                between you and, distance to, what is the distance from you to, how far, how far away, how far off,
                how distant, how close, how near, how far is it to, how many metres away, how many metres, how many
                steps away, how many metres is it to, how many metres to, how many steps is it to, how many steps
                to, how many meters to, how many meters is it to, how far is the way to, how much farther is it to,
                how many steps, what is the way to
            """,
            "SIZE": """
                what is the size of, the size of, what size is, what size has, what size are, what are the
                dimensions of, the dimensions of, how big, how large, how small, how huge
            """,
        }
    ),
    "known": each(
        """
            that you can see, you can see, that you have seen, you have seen, that you see, you see, that
            you saw, you saw, that you found, you found, that i mentioned, i mentioned, that you know, you
            know, that exist, that exists, i told you about, you can find, that you can find, that there is,
            that there are
        """
    ),
    "spot": by_meaning(
        {
            "BEFORE": """
                where you were, where you came from, to where you have been, where you have been, back, back where
                you were, back to where you were, back to your last position, back to the previous position, to
                where you were, back to where you came from, back again, back to your previous position, to where
                you came from, where you were before, back to where you were before, to your previous position, back
                from where you came, to the previous place, back to the last place, to where you were before, to
                your previous place, to the spot where you were
            """,
            "START": """
                home, back home, to the start, back to the start, back to where you started, to where you started,
                to your starting position, back to your starting position, to the origin, back to the beginning, to
                your start, back to your start, to the starting point, back to the starting point, to the beginning,
                to base, back to base, to your base, to where you began, back to where you began, to the starting
                position, back to the starting position, to your home, back to your home, to your charging station,
                to your dock, to your starting point, to your starting place, to the starting place, back to your
                starting point, back to your starting place, back to where we started, to where we started
            """,
        }
    ),
    "property": by_meaning(
        {
            "COLOUR": "colour, colours",
            "SIZE": "size, dimensions, sizes",
            "HEIGHT": "height",
            "WIDTH": "width, length",
            "LOCATION": "location, position, place, coordinates, whereabouts",
            "AWAY": "distance",
            "NAME": "name",
        }
    ),
    "unless": by_meaning(
        {
            """
                unless, as long as i
            """: """
                if, unless, until, till, while, whenever, because, as soon as, as long as, in case, every
                time, so that, except when, only if, only when, when you see, when you find, when you reach,
                when i, when it, when the, when there, before you, before going, before turning, before
                moving, before we
            """,
            "after": "after you, after going, after turning, after moving, after having",
        }
    ),
    "except": each(
        """
            but not, except, except for, not, other than, apart from, rather than, instead of, besides
        """
    ),
    "correct": each(
        """
            i mean, i meant, i meant to say, i mean to say, or rather, make that, make it, i was talking about, i said,
            rather go to, better go to, i was thinking of, i wanted
        """
    ),
    "around": each(
        """
            around you, around here, around, near you, close to you, nearby, about, next to you, here, in
            the room, in this room
        """
    ),
    "stopped": each(
        """
            search, task, command, move, walk, looking, it, that, there, here, right there, everything, all,
            mission, turn, job, work, last command, last task
        """
    ),
    "clause": each(
        """
            that is, which is, that are, which are, who is, that stands, which stands, standing, that has,
            that was, who stands, sitting, lying, located, placed, that looks
        """
    ),
    "behind": each(
        """
            behind you, back, backwards, behind, the other way, in the opposite direction, to the back,
            around, round, the opposite way, the opposite direction
        """
    ),
    "to": each(
        """
            to, too, towards, toward, up, over, on, into, onto, at, in, directly, straight, back, the,
            direction, of, right, all, way, through, across, via, off
        """
    ),
    "times": each(
        """
            times, time, full turns, turns, full rotations, rotations, full circles, circles
        """
    ),
    "nearest": by_meaning(
        {
            "MIN": "nearest to, closest to, nearest, closest, next to closest",
            "MAX": """
                farthest from, furthest from, farthest away from, furthest away from, most distant from,
                farthest, furthest
            """,
        }
    ),
}
