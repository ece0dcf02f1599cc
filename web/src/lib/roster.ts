import type { RoomMember, RoomStatus, Talking } from './gateway';

/** A member of the room as the page shows it. */
export interface Member extends RoomMember {
  readonly talking: boolean;
}

/** Who is in the room, as of one version of the room's status. */
export interface Roster {
  readonly version: number;
  readonly members: readonly Member[];
}

export const emptyRoster: Roster = { version: -1, members: [] };

/** The roster after a room status; an older status than the one known changes nothing. */
export function withStatus(roster: Roster, status: RoomStatus): Roster {
  if (status.version < roster.version) return roster;
  const talking = new Set(roster.members.filter((member) => member.talking).map((member) => member.userId));
  return {
    version: status.version,
    members: status.members.map((member) => ({ ...member, talking: talking.has(member.userId) })),
  };
}

export function withTalking(roster: Roster, { userId, talking }: Talking): Roster {
  return { ...roster, members: roster.members.map((member) => (member.userId === userId ? { ...member, talking } : member)) };
}

/** The roster when nothing was heard for a while: versions may have begun anew, and nobody is known to talk. */
export function afterGap({ members }: Roster): Roster {
  return { version: emptyRoster.version, members: members.map((member) => ({ ...member, talking: false })) };
}

/** As it is: who is muted is heard by nobody, while the mixer's last word is that it talks. It says nothing more of it until it is unmuted. */
export function asHeard({ version, members }: Roster): Roster {
  return { version, members: members.map((member) => ({ ...member, talking: member.talking && member.status !== 'idle' })) };
}
