const marker = /^(?:<{7}|\|{7}|>{7}) /m;

/** Whether a text holds conflict markers, as the merges of git and ours write them. */
export function hasMarkers(content: string | Uint8Array): boolean {
  return marker.test(
    typeof content === 'string' ? content : Buffer.from(content).toString('latin1'),
  );
}

/** The generator's side of every marked place of a merge, with everything else as it is merged. */
export function theirSide(marked: Uint8Array): Uint8Array {
  const kept: string[] = [];
  let side: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  // By bytes, so that any line end stays what it is.
  for (const line of Buffer.from(marked)
    .toString('latin1')
    .split(/(?<=\n)/)) {
    if (line.startsWith('<<<<<<< ')) side = 'ours';
    else if (side !== 'both' && line.startsWith('||||||| ')) side = 'base';
    else if (side !== 'both' && line.trimEnd() === '=======') side = 'theirs';
    else if (side !== 'both' && line.startsWith('>>>>>>> ')) side = 'both';
    else if (side === 'both' || side === 'theirs') kept.push(line);
  }
  return Buffer.from(kept.join(''), 'latin1');
}
